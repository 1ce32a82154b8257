import { expect, it } from 'vitest';
import type { Diversion } from '@/lib/diversion/diversion';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testRule, testSplit, testSwitch, testTarget } from '@/testing/plan/test-estate';

type Health = 'alive' | 'dead' | 'unknown' | 'off' | null;

/** Returns the findings where the targets on the CVM side's rules have these states, in order. */
function found(healths: readonly (Health | 'idle')[], diversion: Diversion = testSplit()) {
  const targets = healths.map((health, n) =>
    testTarget({ port: 8080 + n, ...(health === 'idle' ? { health: 'dead', weight: 0 } : { health }) }),
  );
  const rules = ['shop', 'flash'].map((name) =>
    testRule(`loc-${name}`, 'lb-cvm', `${name}.example.co.id`, { targets }),
  );
  return preflight({ estate: testEstate({ rules }), diversion }).filter(
    ({ check }) => check === 'target-health',
  );
}

const toServers = testSwitch({ toward: 'cvm' });
const more = testSplit({}, { addTargets: [{ instanceId: 'ins-1', port: 9000, weight: 10 }] });

it.each<[Parameters<typeof found>[0], Diversion, string, string, number]>([
  [['alive', 'alive'], toServers, 'pass', 'pass', 2],
  [['alive', 'off'], toServers, 'pass', 'pass', 1],
  [['off', 'off'], toServers, 'pass', 'unchecked', 2],
  [['alive', 'idle'], toServers, 'pass', 'pass', 1],
  [['alive', 'dead', 'dead'], toServers, 'warn', 'someDead', 2],
  [['dead', 'dead'], toServers, 'warn', 'dead', 2],
  [['dead', 'idle'], toServers, 'warn', 'dead', 1],
  [['dead'], testSwitch(), 'warn', 'dead', 1],
  [['dead'], testSplit(), 'warn', 'dead', 1],
  [['dead'], more, 'warn', 'dead', 1],
  [['alive', 'unknown'], toServers, 'unknown', 'pending', 1],
  [['alive', null], toServers, 'unknown', 'unread', 1],
])('%j: %#', (healths, diversion, status, why, count) => {
  const findings = found(healths, diversion);
  expect(findings).toMatchObject([{ status, why: `target-health.${why}`, values: { count } }]);
  // If all fail, the load balancer sends to all of them: only a request shows whether they work, and the run probes the
  // route first.
  expect(findings.some(stops)).toBe(false);
});

it('reports all reasons at once', () => {
  expect(found(['alive', 'dead', 'unknown', null]).map(({ why }) => why)).toEqual([
    'target-health.someDead',
    'target-health.pending',
    'target-health.unread',
  ]);
});

it('ignores targets without a weight, which the check of weights reports', () => {
  expect(found(['idle'])).toEqual([]);
});
