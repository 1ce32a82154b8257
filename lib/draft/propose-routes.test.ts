import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listServing } from '@/lib/preflight/model/suggest';
import {
  arbitraryEstate,
  testEstate,
  testFunction,
  testListener,
  testLoadBalancer,
  testRule,
  testTarget,
} from '@/testing/plan/test-estate';
import { answerDraft } from './answers/answer-draft';
import { anticipatedEstate } from './anticipated-estate';
import { type Draft, emptyDraft, type Kind } from './draft';
import { addName, addRoute } from './edit-routes';
import { chooseName } from './propose-routes';

const flash = 'flash.example.co.id';
const targets = [testTarget()];
const certificates = [
  { id: 'c-1', kind: 'SVR', domains: [flash], status: 'issued', notAfter: '2030-01-01T00:00:00Z' },
];
const https = { protocol: 'HTTPS', port: 443, certificateId: 'c-1' };

/** An estate that serves the sale by HTTP and HTTPS on lb-cvm; lb-scf has an HTTP listener. */
const both = (change: Parameters<typeof testEstate>[0] = {}) =>
  testEstate({
    certificates,
    listeners: [
      testListener('lb-cvm'),
      testListener('lb-cvm', { id: 'lbl-tls', ...https }),
      testListener('lb-scf'),
    ],
    rules: [
      testRule('loc-flash', 'lb-cvm', flash, { targets }),
      testRule('loc-tls', 'lb-cvm', flash, { targets, listenerId: 'lbl-tls' }),
    ],
    ...change,
  });

const chosen = (estate: ReturnType<typeof testEstate>, kind: Kind, index: number, name = flash) =>
  chooseName(estate, emptyDraft(kind, 'test'), index, name);
const places = ({ routes }: Draft) =>
  routes.map(({ to, loadBalancerId, listenerId }) => `${to} ${loadBalancerId} ${listenerId}`);

describe('the name of a function route', () => {
  it('proposes a load balancer, and a route for each port that serves the name, with what is missing', () => {
    const draft = chosen(both(), 'split', 1);
    expect(places(draft)).toEqual(['cvm  ', 'function lb-scf lbl-lb-scf', 'function lb-scf @lbl/lb-scf:443']);
    expect(draft.creates.listeners).toMatchObject([{ protocol: 'HTTPS', port: 443, certificateId: 'c-1' }]);
    expect(draft.routes.map(({ rule }) => rule)).toMatchObject(Array(3).fill({ kind: 'new', url: '/' }));
  });

  it('proposes no listener whose certificate clients would reject', () => {
    expect(places(chosen(both({ certificates: [] }), 'access', 0))).toEqual(['function lb-scf lbl-lb-scf']);
  });

  it('prefers a load balancer in the region of its function, without targets of the name', () => {
    const loadBalancers = [
      testLoadBalancer('lb-cvm'),
      testLoadBalancer('lb-near', { vips: ['127.77.1.3'] }),
      testLoadBalancer('lb-scf', { vips: ['127.77.1.2'] }),
    ];
    const estate = both({
      loadBalancers,
      listeners: ['lb-cvm', 'lb-near', 'lb-scf'].map((id) => testListener(id)),
      rules: [
        testRule('loc-flash', 'lb-cvm', flash, { targets }),
        testRule('loc-near', 'lb-near', flash, { targets }),
      ],
      functions: [testFunction()],
    });
    expect(places(chosen(estate, 'access', 0))).toEqual(['function lb-scf lbl-lb-scf']);
  });

  it('proposes the paths that are served, up to five', () => {
    const served = (count: number) =>
      both({
        rules: Array.from({ length: count }, (_, n) =>
          testRule(`loc-${n}`, 'lb-cvm', flash, { targets, url: `/p${n}` }),
        ),
      });
    const urls = ({ routes }: Draft) => routes.map(({ rule }) => (rule.kind === 'new' ? rule.url : ''));
    expect(urls(chosen(served(3), 'access', 0))).toEqual(['/p0', '/p1', '/p2']);
    expect(urls(chosen(served(6), 'access', 0))).toEqual(['/']);
  });

  it('keeps what a person has chosen: a load balancer, a path', () => {
    const draft = emptyDraft('access', 'test');
    const [route] = draft.routes;
    const manual = { ...draft, routes: [{ ...route, loadBalancerId: 'lb-cvm' }] } as Draft;
    expect(places(chooseName(both(), manual, 0, flash))).toEqual([
      'function lb-cvm lbl-lb-cvm',
      'function lb-cvm lbl-tls',
    ]);
    const rule = { kind: 'new', url: '/promo', certificateId: null };
    const typed = { ...draft, routes: [{ ...route, rule }] } as Draft;
    expect(chooseName(both(), typed, 0, flash).routes).toMatchObject([{ rule: { url: '/promo' } }]);
  });

  it('proposes nothing while the name is in no zone', () => {
    expect(places(chosen(both(), 'access', 0, 'flash.example.co.i'))).toEqual(['function  ']);
  });
});

it('the name of a CVM route proposes the listeners that serve it', () => {
  expect(places(chosen(both(), 'split', 0))).toEqual([
    'cvm lb-cvm lbl-lb-cvm',
    'cvm lb-cvm lbl-tls',
    'function  ',
  ]);
});

it('the name of a Switch proposes both sides', () => {
  expect(places(chosen(both(), 'switch', 0))).toEqual([
    'cvm lb-cvm lbl-lb-cvm',
    'cvm lb-cvm lbl-tls',
    'function lb-scf lbl-lb-scf',
    'function lb-scf @lbl/lb-scf:443',
  ]);
});

it('the routes of a name follow it, and further names have their own', () => {
  const estate = both();
  const first = chosen(estate, 'split', 1);
  const second = chooseName(estate, addName(first, 'function'), 3, 'deals.example.co.id');
  expect(new Set(second.routes.map(({ key }) => key)).size).toBe(second.routes.length);
  expect(second.routes.filter(({ domain }) => domain === flash)).toHaveLength(2);
  const renamed = chooseName(estate, second, 1, 'gifts.example.co.id');
  expect(renamed.routes.filter(({ domain }) => domain === flash)).toEqual([]);
  expect(renamed.routes.filter(({ domain }) => domain === 'deals.example.co.id').length).toBeGreaterThan(0);
});

it('changes that are answered together are each applied to their route', async () => {
  // The first one adds a route before that of the second one.
  const { draft } = await answerDraft(
    { estate: both(), keepAliveS: 75 },
    {
      draft: emptyDraft('split', 'test'),
      changes: [
        { kind: 'domain', index: 0, domain: flash },
        { kind: 'domain', index: 1, domain: flash },
      ],
    },
    (id) => id,
  );
  expect(draft.routes.map(({ to, domain }) => `${to} ${domain}`)).toEqual([
    `cvm ${flash}`,
    `cvm ${flash}`,
    `function ${flash}`,
    `function ${flash}`,
  ]);
});

it('proposals name only listeners that exist or are created, once each, and stay when asked for again', () => {
  const kinds = fc.constantFrom<Kind>('split', 'access', 'switch');
  const names = fc.constantFrom('shop.example.co.id', flash, 'new.example.co.id', 'other.example.com');
  fc.assert(
    fc.property(arbitraryEstate, kinds, names, fc.boolean(), (estate, kind, name, isExtended) => {
      const index = kind === 'split' ? 1 : 0;
      const empty = emptyDraft(kind, 'test');
      const draft = chooseName(estate, isExtended ? addRoute(empty, index) : empty, index, name);
      const whole = anticipatedEstate(estate, draft);
      for (const { loadBalancerId, listenerId } of draft.routes)
        if (listenerId !== '')
          expect(whole.listeners.find(({ id }) => id === listenerId)?.loadBalancerId).toBe(loadBalancerId);
      expect(new Set(draft.routes.map(({ key }) => key)).size).toBe(draft.routes.length);
      expect(chooseName(estate, draft, index, name)).toEqual(draft);
      const ports = new Set(listServing(estate, name).map(({ port }) => port));
      expect(draft.creates.listeners.length).toBeLessThanOrEqual(ports.size);
    }),
  );
});
