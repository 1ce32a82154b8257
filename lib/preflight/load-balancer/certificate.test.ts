import { expect, it } from 'vitest';
import { type Diversion, SplitDiversion } from '@/lib/diversion/diversion';
import { noConditions, type Span } from '@/lib/preflight/model/conditions';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testEstate,
  testFunctionRoute,
  testListener,
  testRule,
  testSplit,
  testSwitch,
} from '@/testing/plan/test-estate';

const now = '2026-12-11T14:00:00.000Z';
const certificate = (change: object = {}) => ({
  id: 'c-1',
  kind: 'SVR',
  domains: ['*.example.co.id'],
  notAfter: '2027-06-01T00:00:00Z',
  status: 'issued',
  ...change,
});
const https = {
  protocol: 'HTTPS',
  port: 443,
  certificateId: 'c-1',
  certificateIds: ['c-1'],
  sniSwitch: false,
};

type Given = {
  readonly certificates?: readonly object[];
  readonly listener?: object;
  readonly more?: Parameters<typeof testEstate>[0];
  readonly diversion?: Diversion;
  readonly span?: Span | null;
};

function found({ certificates = [certificate()], listener = {}, more = {}, ...given }: Given = {}) {
  const { diversion = testSplit(), span = null } = given;
  const listeners = [testListener('lb-cvm'), testListener('lb-scf', { ...https, ...listener })];
  const estate = testEstate({ certificates, listeners, ...more });
  return preflight({ estate, diversion, conditions: { ...noConditions(estate), now, span } }).filter(
    ({ check }) => check === 'certificate',
  );
}

const span: Span = { from: '2026-12-12T00:00:00Z', until: '2027-01-10T00:00:00Z' };

it('passes one that is issued, covers the name and is valid beyond the plan', () => {
  expect(found({ span })).toMatchObject([{ status: 'pass', field: 'routes.1.listenerId', objects: ['c-1'] }]);
});

it('reports nothing for HTTP', () => {
  expect(found({ listener: { protocol: 'HTTP' } })).toEqual([]);
});

it.each<[name: string, given: Given, status: string, why: string]>([
  ['a CA', { certificates: [certificate({ kind: 'CA' })] }, 'block', 'ca'],
  ['expired, says the service', { certificates: [certificate({ status: 'expired' })] }, 'block', 'notIssued'],
  ['revoked', { certificates: [certificate({ status: 'revoked' })] }, 'block', 'notIssued'],
  ['bound, and being reissued', { certificates: [certificate({ status: 'other' })] }, 'warn', 'notIssued'],
  ['over, by its end', { certificates: [certificate({ notAfter: now })] }, 'block', 'expired'],
  [
    'over before the plan begins',
    { certificates: [certificate({ notAfter: '2026-12-11T20:00:00Z' })], span },
    ...(['block', 'expired'] as const),
  ],
  [
    'over before all is back',
    { certificates: [certificate({ notAfter: '2027-01-09T00:00:00Z' })], span },
    ...(['warn', 'endsWithin'] as const),
  ],
  [
    'over in two weeks',
    { certificates: [certificate({ notAfter: '2026-12-25T13:00:00Z' })] },
    ...(['warn', 'endsSoon'] as const),
  ],
  ['two labels below', { certificates: [certificate({ domains: ['*.co.id'] })] }, 'block', 'otherNames'],
  [
    'another name',
    { certificates: [certificate({ domains: ['shop.example.co.id', 'ash.example.co.id'] })] },
    ...(['block', 'otherNames'] as const),
  ],
  ['an end that is not said', { certificates: [certificate({ notAfter: null })] }, 'unknown', 'noEnd'],
  ['not read', { certificates: [], more: { gaps: [{ part: 'ssl', reason: 'x' }] } }, 'unknown', 'unread'],
  ['of an older snapshot', { certificates: [] }, 'unknown', 'unread'],
  ['not said which', { listener: { certificateId: null, certificateIds: [] } }, 'unknown', 'none'],
  ['a new domain with SNI', { listener: { sniSwitch: true } }, 'block', 'sni'],
])('%s: %j', (_, given, status, why) => {
  const findings = found(given);
  expect(findings).toMatchObject([{ status, why: `certificate.${why}` }]);
  expect(findings.some(stops)).toBe(status === 'block');
});

it('accepts a certificate that covers a name exactly, in any case, or the second of two', () => {
  expect(found({ certificates: [certificate({ domains: ['FLASH.example.co.id'] })] })[0]?.status).toBe(
    'pass',
  );
  const second = certificate({ id: 'c-2' });
  const certificates = [certificate({ domains: ['example.co.id'] }), second];
  expect(found({ certificates, listener: { certificateIds: ['c-1', 'c-2'] } })[0]?.status).toBe('pass');
});

it('checks the certificate of the rule if the listener has SNI', () => {
  const rule = testRule('loc-b', 'lb-scf', 'flash.example.co.id', { certificateIds: ['c-2'] });
  const certificates = [certificate(), certificate({ id: 'c-2', status: 'expired' })];
  const rules = [...testEstate().rules, rule];
  expect(found({ certificates, listener: { sniSwitch: true }, more: { rules } })).toMatchObject([
    { status: 'block', objects: ['c-2'] },
  ]);
  expect(found({ certificates, more: { rules } })).toMatchObject([{ status: 'pass', objects: ['c-1'] }]);
});

it.each<[name: string, id: string, change: object, status: string, why: string]>([
  ['good', 'c-1', {}, 'pass', 'pass'],
  ['good for other names', 'c-1', { domains: ['other.example.net'] }, 'block', 'otherNames'],
  ['expired', 'c-1', { status: 'expired' }, 'block', 'notIssued'],
  ['not issued yet', 'c-1', { status: 'other' }, 'block', 'notIssued'],
  ['not there', 'c-9', {}, 'block', 'missing'],
])(
  'checks the certificate that a new domain gets on a listener with SNI: %s',
  (_, id, change, status, why) => {
    const rule = { kind: 'new', url: '/', certificateId: id };
    const given = { certificates: [certificate(change)], listener: { sniSwitch: true } };
    expect(found({ ...given, diversion: testSplit({ rule }) })).toMatchObject([
      { status, why: `certificate.${why}`, field: 'routes.1.rule', objects: [id] },
    ]);
  },
);

it('requires one certificate for all new rules of a domain', () => {
  const { kind, name, routes } = testSplit();
  const further = [
    ['/', 'c-1'],
    ['/x', 'c-2'],
  ].map(([url, certificateId]) => testFunctionRoute({ rule: { kind: 'new', url, certificateId } }));
  const diversion = SplitDiversion.parse({ kind, name, routes: [routes[0], ...further] });
  const reasons = found({ diversion, listener: { sniSwitch: true } }).map(({ why }) => why);
  expect(reasons).toEqual(['certificate.several', 'certificate.several']);
});

it('assumes the existing certificate of a domain for a further rule of it', () => {
  const rule = testRule('loc-b', 'lb-scf', 'flash.example.co.id', { url: '/x', certificateIds: ['c-1'] });
  const rules = [...testEstate().rules, rule];
  expect(found({ listener: { sniSwitch: true }, more: { rules } })).toMatchObject([{ status: 'pass' }]);
});

it('checks the certificate of a listener to be created', () => {
  const made = {
    id: '@lbl/new',
    loadBalancerId: 'lb-scf',
    name: 'new',
    protocol: 'HTTPS',
    port: 8443,
  };
  const split = (certificateId: string) =>
    SplitDiversion.parse({
      ...testSplit({ listenerId: '@lbl/new' }),
      creates: { loadBalancers: [], listeners: [{ ...made, certificateId }] },
    });
  expect(found({ diversion: split('c-1') })).toMatchObject([{ status: 'pass' }]);
  expect(found({ diversion: split('c-9') })).toMatchObject([
    { status: 'block', why: 'certificate.missing', objects: ['c-9'] },
  ]);
  // The cloud does not bind a certificate that has not been issued yet.
  const certificates = [certificate({ status: 'other' })];
  expect(found({ certificates, diversion: split('c-1') })).toMatchObject([
    { status: 'block', why: 'certificate.notIssued' },
  ]);
});

it('never blocks a Switch away from a side whose certificate has expired', () => {
  const listeners = [testListener('lb-cvm', https), testListener('lb-scf')];
  const more = { listeners, records: [{ ...testEstate().records[1] }] };
  const certificates = [certificate({ status: 'expired' })];
  const [away] = found({ certificates, more, diversion: testSwitch() });
  expect(away).toMatchObject({ status: 'warn', why: 'certificate.notIssued' });
  const [back] = found({ certificates, more, diversion: testSwitch({ toward: 'cvm' }) });
  expect(back).toMatchObject({ status: 'block' });
});
