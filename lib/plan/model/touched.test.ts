import { expect, it } from 'vitest';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate } from '@/testing/plan/test-estate';
import { touchedBy } from './touched';

const estate = testEstate();
const { steps, rollback } = createTestPlan({ estate });

it('counts each object once, created ones apart from changed ones', () => {
  expect(touchedBy(steps, estate)).toEqual([
    { kind: 'rule', made: 1, changed: 0, all: 2 },
    { kind: 'recordSet', made: 0, changed: 1, all: 2 },
  ]);
});

it('counts the same objects on rollback, and returns no total without an estate', () => {
  expect(touchedBy(rollback, null)).toEqual([
    { kind: 'rule', made: 0, changed: 1, all: null },
    { kind: 'recordSet', made: 0, changed: 1, all: null },
  ]);
});

it('returns no total for unread parts', () => {
  const unread = (part: string) => {
    const read = testEstate({ rules: [], records: [], gaps: [{ part, reason: '502' }] });
    return touchedBy(steps, read).map(({ all }) => all);
  };
  expect(unread('clb/ap-singapore')).toEqual([null, 0]);
  expect(unread('dnspod')).toEqual([0, null]);
  expect(unread('ssl')).toEqual([0, 0]);
});
