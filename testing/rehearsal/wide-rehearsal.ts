import { SwitchDiversion } from '@/lib/diversion/switch';
import type { RehearsalInput } from '@/lib/rehearsal/input';
import {
  testClbQuota,
  testEstate,
  testFunction,
  testFunctionRoute,
  testInstance,
  testRecord,
  testRule,
  testTarget,
  testWaves,
} from '@/testing/plan/test-estate';
import {
  type RehearsalGiven,
  rehearsalCutover,
  rehearsalScenario,
  rehearsalT0,
  testRehearsal,
} from './test-rehearsal';

/** The rules that one function may be bound to: https://www.tencentcloud.com/document/product/583/11637. */
const perFunction = 10;

/**
 * Returns a rehearsal of a Switch that moves many names at once, each with a rule on both sides, for some hours.
 * @param settings others than the defaults
 */
export function wideRehearsal(
  { names, hours }: { readonly names: number; readonly hours: number },
  settings: RehearsalGiven['settings'] = {},
): RehearsalInput {
  const hosts = Array.from({ length: names }, (_, index) => `shop-${index + 1}`);
  const domain = (host: string) => `${host}.example.co.id`;
  const quota = testClbQuota({ rulesPerListener: Math.max(50, names) });
  const estate = testEstate({
    clbQuotas: [quota],
    records: hosts.map((host, index) => testRecord(100 + index, host, '127.77.1.1')),
    instances: [testInstance()],
    functions: Array.from({ length: Math.ceil(names / perFunction) }, (_, index) =>
      testFunction({ name: `storefront-${index}` }),
    ),
    rules: hosts.map((host) => testRule(`loc-${host}`, 'lb-cvm', domain(host), { targets: [testTarget()] })),
  });
  const waves = testWaves([hosts.map(domain)]);
  const diversion = SwitchDiversion.parse({
    ...waves,
    routes: hosts.flatMap((host, index) => {
      const old = {
        ...waves.routes[0],
        domain: domain(host),
        rule: { kind: 'existing', ruleId: `loc-${host}` },
      };
      const name = `storefront-${Math.floor(index / perFunction)}`;
      const to = { region: 'ap-singapore', namespace: 'flash', name, qualifier: '1' };
      return [old, testFunctionRoute({ domain: domain(host), function: to })];
    }),
  });
  const t1 = new Date(rehearsalT0 + (hours * 3600 - 1800) * 1000).toISOString();
  const durationS = hours * 3600;
  return testRehearsal({
    estate,
    diversion,
    cutover: rehearsalCutover({ t1 }),
    scenario: rehearsalScenario({
      durationS,
      demand: {
        kind: 'flashSale',
        baseRps: 200,
        preRushRps: 400,
        preRushS: 600,
        opensAtS: 1800,
        peakRps: 2000,
        riseS: 120,
        holdS: 300,
        decayS: 3000,
        tailRps: 300,
      },
      cvm: { servers: 1, each: { kind: 'rate', rps: 5000, latencyMs: 50 } },
    }),
    settings,
  });
}
