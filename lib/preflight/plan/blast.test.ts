import { describe, expect, it } from 'vitest';
import { noConditions } from '@/lib/preflight/model/conditions';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testRecord, testRule, testSplit, testTarget } from '@/testing/plan/test-estate';

/** Returns an estate with the flash domain among other names, each with a record and a rule. */
function buildEstate(others: number, flash: object = {}) {
  const names = Array.from({ length: others }, (_, i) => `n${i}`);
  return testEstate({
    records: [
      testRecord(12, 'flash', '127.77.1.1', flash),
      testRecord(11, 'shop', '127.77.1.1'),
      ...names.map((name, i) => testRecord(100 + i, name, '127.77.1.1')),
    ],
    rules: [
      ...testEstate().rules,
      ...names.map((name, i) =>
        testRule(`loc-${i}`, 'lb-cvm', `${name}.example.co.id`, { targets: [testTarget()] }),
      ),
    ],
  });
}

function checkBlast(
  estate: ReturnType<typeof buildEstate>,
  maxSharePercent = 25,
  lowerTtlS: number | null = null,
) {
  const conditions = { ...noConditions(estate), maxSharePercent };
  const diversion = { ...testSplit(), lowerTtlS };
  return preflight({ estate, diversion, conditions }).filter((f) => f.check === 'blast');
}

describe('blast', () => {
  it.each([
    ['half of a small estate', 0, 25, 'pass'],
    ['one of ten names', 8, 25, 'pass'],
    ['one of ten names, where 9 % is the most', 8, 9, 'warn'],
    ['one of ten names, where 10 % is the most', 8, 10, 'pass'],
  ])('%s', (_, others, max, status) => {
    expect(checkBlast(buildEstate(others), max)).toMatchObject([{ status }]);
  });

  it('counts the rules and records that move', () => {
    expect(checkBlast(buildEstate(8), 9)).toMatchObject([
      {
        why: 'blast.wide',
        values: { rules: 1, allRules: 10, records: 1, allRecords: 10, share: 10, max: 9 },
      },
    ]);
  });

  it('counts only written rules that the name pointed at', () => {
    const estate = buildEstate(8);
    const beside = testRule('loc-b', 'lb-scf', 'flash.example.co.id');
    const unused = testRule('loc-c', 'lb-scf', 'flash.example.co.id', { url: '/promo' });
    const more = { ...estate, rules: [...estate.rules, ...testEstate({ rules: [beside, unused] }).rules] };
    expect(checkBlast(more, 9)).toMatchObject([{ values: { rules: 2, allRules: 12 } }]);
  });

  it('does not count a TTL as moved, nor a name without answers', () => {
    expect(checkBlast(buildEstate(8), 9, 1)).toMatchObject([{ values: { records: 1 } }]);
    expect(checkBlast(buildEstate(8, { enabled: false }), 9)).toMatchObject([{ values: { records: 0 } }]);
  });
});
