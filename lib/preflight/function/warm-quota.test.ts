import { describe, expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testFunction, testScfAccount, testSplit } from '@/testing/plan/test-estate';

type Given = { readonly warm?: number | null; readonly fn?: object; readonly account?: object | null };

/** Returns the findings for instances of 128 MB where 51,200 MB are not allocated. */
function checkWarmQuota({ warm = 100, fn = {}, account = {} }: Given) {
  const estate = testEstate({
    functions: [testFunction({ reservedMb: 'none', provisioned: [], ...fn })],
    scfAccounts:
      account === null ? [] : [testScfAccount({ quotaMb: 64_000, allocatedMb: 12_800, ...account })],
  });
  const findings = preflight({ estate, diversion: testSplit({ provisioned: warm }) });
  return findings.filter((f) => f.check === 'warm-quota');
}

const diverted = (provisionedMb: number | null) => ({
  namespaces: [{ name: 'flash', provisionedMb, clbTriggersMax: 10 }],
});
const version = (qualifier: string, allocated: number) => ({
  qualifier,
  allocated,
  available: allocated,
  status: 'Done',
});

type Case = [name: string, given: Given, status: string, why: string];

describe('warm-quota', () => {
  it.each<Case>([
    ['room enough', {}, 'pass', 'pass'],
    ['nearly all of it', { warm: 321 }, 'warn', 'close'],
    ['one more than there is', { warm: 401 }, 'block', 'beyond'],
    ['beside those of other functions', { warm: 200, account: diverted(38_400) }, 'block', 'beyond'],
    ['stopped ones that were not read', { account: diverted(null) }, 'unknown', 'unread'],
    ['an account that was not read', { account: null }, 'unknown', 'unread'],
    ['a reservation that was not read', { fn: { reservedMb: null } }, 'unknown', 'unread'],
    ['inside its own reservation', { fn: { reservedMb: 16_000 }, account: null }, 'pass', 'pass'],
    ['beyond its own reservation', { fn: { reservedMb: 12_672 } }, 'block', 'beyond'],
    [
      'beside another version in its own reservation',
      { fn: { reservedMb: 16_000, provisioned: [version('2', 50)] } },
      'block',
      'beyond',
    ],
  ])('%s', (_, given, status, why) => {
    const found = checkWarmQuota(given);
    expect(found).toMatchObject([{ status, why: `warm-quota.${why}`, field: 'routes.1.provisioned' }]);
    expect(found.some(stops)).toBe(status === 'block');
  });

  it('counts only newly started instances', () => {
    expect(checkWarmQuota({ warm: 401, fn: { provisioned: [version('1', 400)] } })).toMatchObject([
      { status: 'pass', values: { count: 1 } },
    ]);
    expect(checkWarmQuota({ warm: null })).toEqual([]);
  });
});
