import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Diversion } from '@/lib/diversion/diversion';
import { toDraft } from '@/lib/diversion/to-draft';
import type { Estate } from '@/lib/estate/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import type { Finding, Fix } from '@/lib/preflight/model/model';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testEstate,
  testFunction,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
  testSplit,
  testTarget,
} from '@/testing/plan/test-estate';
import { applyFix } from './apply-fix';
import { asDiversion } from './as-diversion';
import { triedMax, vetFixes } from './vet-fixes';

const flash = 'flash.example.co.id';

const applied = (estate: Estate, diversion: Diversion, patch: NonNullable<Fix['patch']>) =>
  asDiversion(applyFix(estate, toDraft(diversion), patch), estate);

function vetted(estate: Estate, diversion: Diversion): Promise<readonly Finding[]> {
  return vetFixes(preflight({ estate, diversion }), async (patch) =>
    preflight({ estate, diversion: applied(estate, diversion, patch) }),
  );
}

const wrong = (findings: readonly Finding[]) => findings.filter(({ status }) => status !== 'pass');
const certificate = (id: string, domain: string) => ({
  id,
  kind: 'SVR',
  domains: [domain],
  status: 'issued',
  notAfter: '2030-01-01T00:00:00.000Z',
});

/**
 * Estates in which the old load balancer serves the name by more than the new one, or the route's objects don't fit.
 */
const arbitraryCase = fc
  .record({
    isHttps: fc.boolean(),
    hasCertificate: fc.boolean(),
    paths: fc.subarray(['/', '/cart', '/pay', '/help'], { minLength: 1 }),
    hasListener: fc.boolean(),
    hasOwnRule: fc.boolean(),
    isSni: fc.boolean(),
    region: fc.constantFrom('ap-singapore', 'ap-jakarta'),
    isPortTaken: fc.boolean(),
    others: fc.subarray(['lb-other', 'lb-busy']),
    type: fc.constantFrom('Event', 'HTTP'),
    routes: fc.constantFrom('/', '/cart'),
  })
  .map((given) => {
    const port = given.isHttps ? 443 : 8080;
    const protocol = given.isHttps ? 'HTTPS' : 'HTTP';
    const tls = given.isHttps
      ? { certificateId: 'cert-1', certificateIds: ['cert-1'], sniSwitch: given.isSni }
      : {};
    const estate = testEstate({
      loadBalancers: [
        testLoadBalancer('lb-cvm'),
        testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], region: given.region }),
        ...given.others.map((id, nth) => testLoadBalancer(id, { vips: [`127.77.1.${7 + nth}`] })),
      ],
      listeners: [
        testListener('lb-cvm'),
        testListener('lb-cvm', { id: 'lbl-old', protocol, port, ...tls }),
        testListener('lb-scf'),
        ...(given.hasListener ? [testListener('lb-scf', { id: 'lbl-new', protocol, port, ...tls })] : []),
        ...(given.isPortTaken && !given.hasListener
          ? [testListener('lb-scf', { id: 'lbl-tcp', protocol: 'TCP', port })]
          : []),
        ...given.others.map((id) => testListener(id)),
      ],
      rules: [
        testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }),
        ...given.paths.map((url) =>
          testRule(`loc-old-${url}`, 'lb-cvm', flash, {
            listenerId: 'lbl-old',
            url,
            targets: [testTarget()],
          }),
        ),
        ...(given.hasListener && given.hasOwnRule
          ? [testRule('loc-new', 'lb-scf', flash, { listenerId: 'lbl-new', url: '/help' })]
          : []),
      ],
      records: [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.1')],
      functions: [testFunction({ type: given.type })],
      certificates: [
        certificate('cert-1', 'other.example.co.id'),
        ...(given.hasCertificate ? [certificate('cert-2', '*.example.co.id')] : []),
      ],
    });
    const rule = { kind: 'new', url: given.routes, certificateId: null } as const;
    return { estate, diversion: testSplit({ rule }), given };
  });

describe('an offered fix', () => {
  it('clears its own finding, and adds no equally severe one', async () => {
    let offered = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryCase, async ({ estate, diversion }) => {
        const before = wrong(preflight({ estate, diversion }));
        const reasons = new Set(before.map(({ why }) => why));
        for (const finding of wrong(await vetted(estate, diversion))) {
          const { why, fix } = finding;
          if (fix?.patch == null) continue;
          offered += 1;
          const after = wrong(preflight({ estate, diversion: applied(estate, diversion, fix.patch) }));
          const count = (findings: readonly Finding[]) => findings.filter((each) => each.why === why).length;
          expect(count(after)).toBeLessThan(count(before));
          const severe = after.filter((each) => stops(each) || !stops(finding));
          expect(severe.map((each) => each.why).filter((each) => !reasons.has(each))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
    expect(offered).toBeGreaterThan(0);
  });

  it('results in a complete diversion that can be planned when it adds routes', async () => {
    let added = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryCase, async ({ estate, diversion }) => {
        for (const { fix } of await vetted(estate, diversion)) {
          if (fix?.patch == null || !('like' in fix.patch)) continue;
          added += 1;
          const parsed = Diversion.safeParse(applied(estate, diversion, fix.patch));
          expect(parsed.success).toBe(true);
          if (parsed.success)
            expect(planDiversion({ estate, diversion: parsed.data, keepAliveS: 75 }).ok).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
    expect(added).toBeGreaterThan(0);
  });
});

describe('a fix that creates missing objects', () => {
  const old = (change: object = {}) => ({
    listeners: [
      testListener('lb-cvm'),
      testListener('lb-cvm', { id: 'lbl-old', protocol: 'HTTPS', port: 443, certificateId: 'cert-2' }),
      testListener('lb-scf'),
    ],
    rules: [
      testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }),
      testRule('loc-old', 'lb-cvm', flash, { listenerId: 'lbl-old', targets: [testTarget()] }),
    ],
    records: [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.1')],
    ...change,
  });
  const fixOf = async (estate: Estate) =>
    (await vetted(estate, testSplit())).find(({ why }) => why === 'still-served.noListener')?.fix ?? null;

  it('creates the listener with a certificate for the name, and a rule for the served paths', async () => {
    const estate = testEstate(old({ certificates: [certificate('cert-2', '*.example.co.id')] }));
    const fix = await fixOf(estate);
    expect(fix).toMatchObject({
      label: 'createListener',
      patch: { like: 1, listener: { protocol: 'HTTPS', port: 443, certificateId: 'cert-2' }, urls: ['/'] },
    });
    const { creates, routes } = applied(
      estate,
      testSplit(),
      fix?.patch ?? { like: 9, listener: { port: 1, protocol: 'HTTP', certificateId: null }, urls: [] },
    );
    expect(creates.listeners).toMatchObject([{ loadBalancerId: 'lb-scf', port: 443, name: 'https-443' }]);
    expect(routes.at(-1)).toMatchObject({ domain: flash, listenerId: creates.listeners[0]?.id });
  });

  it('is not offered without such a certificate: the finding says what to do first', async () => {
    expect(
      await fixOf(testEstate(old({ certificates: [certificate('cert-1', 'other.example.co.id')] }))),
    ).toMatchObject({
      label: 'addListener',
      patch: null,
    });
  });
});

it('tries and offers a limited number of fixes', async () => {
  const finding = (nth: number) =>
    ({
      check: 'region',
      status: 'block',
      field: null,
      why: `region.${nth}`,
      values: {},
      objects: [],
      source: 'https://example.com',
      fix: { label: 'useTtl', values: {}, patch: { field: 'lowerTtlS', value: String(nth) } },
    }) as const;
  let tries = 0;
  const all = Array.from({ length: triedMax + 5 }, (_, nth) => finding(nth));
  const kept = await vetFixes(all, async () => {
    tries += 1;
    return [];
  });
  expect(tries).toBe(triedMax);
  expect(kept.filter(({ fix }) => fix !== null)).toHaveLength(triedMax);
});
