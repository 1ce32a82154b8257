import { describe, expect, it } from 'vitest';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import { noConditions } from '@/lib/preflight/model/conditions';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testFunction, testScfAccount, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { buildTestInvocation } from '@/testing/preflight/build-test-invocation';

type Given = {
  readonly peak?: number | null;
  readonly fn?: object;
  readonly account?: object | null;
  readonly testInvocations?: readonly TestInvocation[];
  readonly route?: object;
};

function checkPeak({
  peak = 1000,
  fn = {},
  account = {},
  testInvocations = [buildTestInvocation({ durationMs: 100 })],
  route = {},
}: Given) {
  const estate = testEstate({
    functions: [testFunction({ reservedMb: 'none', provisioned: [], ...fn })],
    scfAccounts:
      account === null ? [] : [testScfAccount({ quotaMb: 64_000, allocatedMb: 12_800, ...account })],
  });
  const diversion = { ...testSplit(route), expectedPeakRps: peak };
  const conditions = { ...noConditions(estate), testInvocations };
  return preflight({ estate, diversion, conditions }).filter((f) => f.check === 'peak-concurrency');
}

type Case = [name: string, given: Given, status: string, why: string];

describe('peak-concurrency', () => {
  it.each<Case>([
    ['no peak is set', { peak: null }, 'pass', 'notSet'],
    ['what is no number', { peak: Number.NaN }, 'pass', 'notSet'],
    // 100 instances of 128 MB: 12,800 of 51,200 MB.
    ['room enough', {}, 'pass', 'pass'],
    // 400 instances: 51,200 of 51,200 MB.
    ['exactly all', { peak: 4000 }, 'warn', 'close'],
    ['just 80 %', { peak: 3200 }, 'pass', 'pass'],
    ['one more than all', { peak: 4001 }, 'block', 'beyond'],
    ['more than is reserved for it', { fn: { reservedMb: 12_672 } }, 'block', 'beyond'],
    [
      'as much as is reserved for it, with no word of the account',
      { fn: { reservedMb: 16_000 }, account: null },
      'pass',
      'pass',
    ],
    ['a reservation that was not read', { fn: { reservedMb: null } }, 'unknown', 'unread'],
    ['an account that was not read', { account: null }, 'unknown', 'unread'],
    ['a quota that was not said', { account: { quotaMb: null } }, 'unknown', 'unread'],
    // 3 s of timeout: 300 instances at 100 req/s.
    ['room even for timeouts', { peak: 100, testInvocations: [] }, 'pass', 'atMost'],
    ['no room for timeouts, and no call was measured', { testInvocations: [] }, 'unknown', 'unmeasured'],
    [
      'only a call of another version was measured',
      { testInvocations: [buildTestInvocation({ version: '2' })] },
      'unknown',
      'unmeasured',
    ],
    [
      'only a call that failed was measured',
      { testInvocations: [buildTestInvocation({ verdict: { kind: 'failed', failure: 'timeout' } })] },
      'unknown',
      'unmeasured',
    ],
  ])('%s', (_, given, status, why) => {
    const found = checkPeak(given);
    expect(found).toMatchObject([{ status, why: `peak-concurrency.${why}`, field: 'expectedPeakRps' }]);
    expect(found.some(stops)).toBe(status === 'block');
  });

  it('explains the calculation', () => {
    expect(checkPeak({ peak: 4001 })).toMatchObject([
      { values: { ms: 100, instances: 401, memory: 128, needMb: 51_328, limitMb: 51_200 } },
    ]);
  });

  it('reports the minutes in which cold instances start, and none for warm ones', () => {
    const large = { quotaMb: 1_000_000 };
    expect(checkPeak({ peak: 12_000, account: large })).toMatchObject([
      {
        status: 'block',
        why: 'peak-concurrency.burst',
        values: { cold: 1200, minutes: 3 },
        acknowledgement: { domain: 'flash.example.co.id' },
      },
    ]);
    expect(checkPeak({ peak: 12_000, account: large, route: { provisioned: 700 } })).toMatchObject([
      { status: 'pass' },
    ]);
  });

  it('checks no function that a Switch moves away from', () => {
    const diversion = { ...testSwitch({ toward: 'cvm' }), expectedPeakRps: 1_000_000 };
    const found = preflight({ estate: testEstate(), diversion });
    expect(found.filter((f) => f.check === 'peak-concurrency')).toEqual([]);
  });
});
