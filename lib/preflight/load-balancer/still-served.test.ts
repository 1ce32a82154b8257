import { describe, expect, it } from 'vitest';
import type { Diversion } from '@/lib/diversion/diversion';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testEstate,
  testListener,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
  testTarget,
} from '@/testing/plan/test-estate';

const flash = 'flash.example.co.id';
const served = { targets: [testTarget()] };
const https = { protocol: 'HTTPS', port: 443 };
/** Rules of the load balancer that currently serves the name, and of the one in front of the function. */
const old = (url: string, change: object = {}) =>
  testRule(`loc old ${url}`, 'lb-cvm', flash, { url, ...served, ...change });
const own = (url: string, change: object = {}) =>
  testRule(`loc own ${url}`, 'lb-scf', flash, { url, ...change });

type Given = {
  readonly rules?: readonly object[];
  readonly listeners?: readonly object[];
  readonly more?: Parameters<typeof testEstate>[0];
  readonly diversion?: Diversion;
};

function found({ rules = [], listeners = [], more = {}, diversion = testSplit() }: Given) {
  const [shop] = testEstate().rules;
  const estate = testEstate({
    rules: [shop, ...rules],
    listeners: [testListener('lb-cvm'), testListener('lb-scf'), ...listeners],
    ...more,
  });
  return preflight({ estate, diversion }).filter(({ check }) => check === 'still-served');
}

it.each<[string, Given]>([
  ['the same paths', { rules: [old('/')] }],
  ['paths below one', { rules: [old('/'), old('/cart'), old('= /pay')] }],
  ['nothing of its own now', { rules: [] }],
  ['only what expressions take, which are not run', { rules: [old('~ ^/x'), own('~ ^/y')] }],
  [
    'paths that an expression may take',
    { rules: [old('/a'), own('~ ^/')], diversion: testSplit({ rule: { kind: 'new', url: '/b' } }) },
  ],
  [
    'a listener that the name has no rule on',
    { rules: [old('/')], listeners: [testListener('lb-cvm', { ...https, id: 'lbl-s' })] },
  ],
  [
    'layer 4 beside it',
    { rules: [old('/')], listeners: [testListener('lb-cvm', { protocol: 'TCP', port: 9000, id: 'lbl-t' })] },
  ],
  [
    'a wildcard of the same listener',
    {
      rules: [
        old('/'),
        old('/', { id: 'loc-s', listenerId: 'lbl-s' }),
        own('/', { id: 'loc-w', listenerId: 'lbl-t', domain: '*.example.co.id' }),
      ],
      listeners: [
        testListener('lb-cvm', { ...https, id: 'lbl-s' }),
        testListener('lb-scf', { ...https, id: 'lbl-t' }),
      ],
    },
  ],
])('passes a name with %s', (_, given) => {
  expect(found(given)).toMatchObject([{ status: 'pass', field: 'routes.1.listenerId' }]);
});

const onHttps = old('/', { id: 'loc-s', listenerId: 'lbl-s' });
const oldHttps = testListener('lb-cvm', { ...https, id: 'lbl-s' });

/** Without a certificate of the name there is no HTTPS listener to create; the rest can be added. */
const fixes: Readonly<Record<string, object>> = {
  noListener: { label: 'addListener', patch: null },
  noRule: { label: 'createRule', patch: { like: 1, listener: { id: 'lbl-t' }, urls: ['/'] } },
  noPath: { label: 'createPaths', patch: { like: 1, listener: { id: 'lbl-lb-scf' }, urls: ['/'] } },
};

it.each<[string, Given, string, object]>([
  [
    'a port that is not there',
    { rules: [old('/'), onHttps], listeners: [oldHttps] },
    ...(['noListener', { listener: 'HTTPS:443', from: 'lb-cvm', name: 'lb-scf' }] as const),
  ],
  [
    'a port where another domain would take it',
    {
      rules: [old('/'), onHttps, own('/', { listenerId: 'lbl-t', domain: 'event.example.co.id' })],
      listeners: [oldHttps, testListener('lb-scf', { ...https, id: 'lbl-t' })],
    },
    ...(['noRule', { listener: 'HTTPS:443' }] as const),
  ],
  [
    'paths beside the one that the plan makes',
    {
      rules: [old('/'), old('/promo'), old('/cart')],
      diversion: testSplit({ rule: { kind: 'new', url: '/promo' } }),
    },
    ...(['noPath', { listener: 'HTTP:80', paths: '/, /cart' }] as const),
  ],
])('blocks %s until it is acknowledged', (_, given, why, values) => {
  const findings = found(given);
  const fix = { ...fixes[why], values };
  expect(findings).toMatchObject([{ status: 'block', why: `still-served.${why}`, values, fix }]);
  expect(findings.every(stops)).toBe(true);
  const acknowledged = findings.flatMap(({ acknowledgement }) => acknowledgement ?? []);
  expect(acknowledged).toMatchObject([{ finding: `still-served.${why}`, domain: flash }]);
  const { diversion = testSplit() } = given;
  const accepted = found({ ...given, diversion: { ...diversion, acknowledged } });
  expect(accepted).toMatchObject([{ status: 'warn', isAcknowledged: true, why: `still-served.${why}` }]);
  expect(accepted.some(stops)).toBe(false);
});

describe('a listener without rules', () => {
  const open = (balancer: string, change: object = {}) =>
    testListener(balancer, {
      id: `lbl-${balancer}-4`,
      protocol: 'TCP',
      port: 9000,
      targets: [testTarget()],
      ...change,
    });
  const given = (listeners: readonly object[], connections?: number, diversion?: Diversion): Given => ({
    rules: [old('/')],
    listeners,
    more: connections === undefined ? {} : { listenerConnections: { 'lbl-lb-cvm-4': connections } },
    ...(diversion && { diversion }),
  });

  it.each([
    ['TCP', 9000],
    ['UDP', 53],
    ['TCP_SSL', 443],
    ['QUIC', 443],
  ])('blocks the loss of %s:%i by its connections until it is acknowledged', (protocol, port) => {
    const listeners = [open('lb-cvm', { protocol, port }), open('lb-scf', { protocol, port: 1 })];
    const findings = found(given(listeners, 12));
    const listener = `${protocol}:${port}`;
    expect(findings).toMatchObject([
      { status: 'block', why: 'still-served.port', values: { listener, connections: 12 } },
    ]);
    const acknowledged = findings.flatMap(({ acknowledgement }) => acknowledgement ?? []);
    // More connections are the same loss.
    const accepted = found(given(listeners, 13, { ...testSplit(), acknowledged }));
    expect(accepted).toMatchObject([{ status: 'warn', isAcknowledged: true }]);
  });

  it('warns without connections, and is unknown where they were not read', () => {
    expect(found(given([open('lb-cvm')], 0))).toMatchObject([
      { status: 'warn', why: 'still-served.portUnused' },
    ]);
    const unread = found(given([open('lb-cvm')]));
    expect(unread).toMatchObject([{ status: 'unknown', why: 'still-served.portUnread' }]);
    expect(unread.some(stops)).toBe(false);
  });

  it.each<[string, readonly object[]]>([
    ['is also at the destination', [open('lb-cvm'), open('lb-scf')]],
    ['has no targets', [open('lb-cvm', { targets: [] })]],
    ['is stopped', [open('lb-cvm', { stopped: true })]],
  ])('passes one that %s', (_, listeners) => {
    expect(found(given(listeners, 12))).toMatchObject([{ status: 'pass' }]);
  });

  it('does not count one at the destination that is stopped or has no targets', () => {
    for (const change of [{ stopped: true }, { targets: [] }])
      expect(found(given([open('lb-cvm'), open('lb-scf', change)], 1))).toMatchObject([{ status: 'block' }]);
  });
});

describe('HTTPS beside the route', () => {
  const certificate = (id: string, domain: string) => ({
    id,
    alias: '',
    domains: [domain],
    status: 'issued',
    kind: 'SVR',
    notAfter: '2028-01-01T00:00:00.000Z',
  });
  const listeners = (certificateId: string) => [
    oldHttps,
    testListener('lb-scf', { ...https, id: 'lbl-t', certificateId }),
  ];
  const rules = [old('/'), onHttps, own('/', { id: 'loc-t', listenerId: 'lbl-t' })];
  const certificates = [certificate('cert-own', '*.example.co.id'), certificate('cert-other', 'example.net')];

  it('blocks a certificate for other names, and passes one for this name', () => {
    const given = (id: string) => ({ rules, listeners: listeners(id), more: { certificates } });
    expect(found(given('cert-other'))).toMatchObject([
      {
        status: 'block',
        why: 'still-served.certificate',
        values: { listener: 'HTTPS:443', name: 'lb-scf', certificates: 'cert-other' },
        acknowledgement: { domain: flash },
      },
    ]);
    expect(found(given('cert-own'))).toMatchObject([{ status: 'pass' }]);
  });
});

it('checks the side that a Switch moves to', () => {
  const rules = [old('/', { id: 'loc-flash' }), own('/x')];
  const [away] = found({ rules, diversion: testSwitch() });
  expect(away).toMatchObject({ status: 'pass', objects: ['lb-scf'] });
  const records = [testRecord(12, 'flash', '127.77.1.2')];
  const more = [own('/', { id: 'loc-s', listenerId: 'lbl-t' })];
  const back = found({
    rules: [...rules, ...more],
    listeners: [testListener('lb-scf', { ...https, id: 'lbl-t' })],
    more: { records },
    diversion: testSwitch({ toward: 'cvm' }),
  });
  expect(back).toMatchObject([
    { why: 'still-served.noListener', values: { from: 'lb-scf', name: 'lb-cvm' } },
  ]);
});

it('reports nothing if the name has no other current destination', () => {
  const records = [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.2')];
  expect(found({ rules: [old('/')], more: { records } })).toEqual([]);
  expect(found({ rules: [old('/')], more: { records: [] } })).toEqual([]);
});
