import { expect, it } from 'vitest';
import { objectKey } from '@/lib/estate/object-state';
import { PlanId } from '@/lib/plan/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate } from '@/testing/plan/test-estate';
import { runBaseline } from './model/baseline-states';
import type { RunEvent } from './model/model';
import { RunId } from './model/run-id';
import { listUnread, withOwnWrites } from './with-own-writes';

const takenAt = '2026-12-11T14:10:00.000Z';
const leftAt = '2026-12-11T14:12:00.000Z';
const later = '2026-12-11T14:13:00.000Z';

type Change = Parameters<typeof testEstate>[0];

/** Returns the result of a run that has bound a function to a rule, which it created. */
function boundBaseline(ids: object = { ruleId: 'loc-made' }) {
  const plan = createTestPlan({ keepAliveS: 0 });
  const events = plan.steps.map(
    ({ id: stepId }): RunEvent => ({
      type: 'stepDone',
      stepId,
      outcome: 'applied',
      requestId: null,
      durationMs: 0,
      ...ids,
      at: leftAt,
      direction: 'apply',
    }),
  );
  return runBaseline({ id: RunId.parse('R-1'), planId: PlanId.parse('P-1'), plan, events });
}

/** Counts the rules with functions of a snapshot without any, after a run has bound one. */
function countBound(change: Change): number {
  const { rules } = withOwnWrites(testEstate({ takenAt, ...change }), [boundBaseline()]);
  return rules.filter(({ functions }) => functions.length > 0).length;
}

it('reports what it can’t show until a sync has read it', () => {
  const unread = (change: Change, ids?: object) =>
    listUnread(testEstate({ takenAt, ...change }), [boundBaseline(ids)])
      .filter(({ kind }) => kind === 'rule')
      .map((object) => objectKey(object));
  // The cloud's id of the rule is not known.
  expect(unread({}, {})).toHaveLength(1);
  expect(unread({ takenAt: later }, {})).toEqual([]);
  expect(unread({})).toEqual([]);
});

it('counts the rule of a run until a sync has read it again', () => {
  expect(countBound({})).toBe(1);
  expect(countBound({ takenAt: later })).toBe(0);
  expect(countBound({ partsAt: '2026-12-11T14:11:00.000Z' })).toBe(1);
  // Whatever it is then, someone else has set it.
  expect(countBound({ partsAt: later })).toBe(0);
});

it('counts the rule of a run that the partial sync could not read', () => {
  const gap = (part: string) => ({
    partsAt: later,
    gaps: [{ part, reason: 'no' }],
  });
  expect(countBound(gap('clb/ap-singapore/lb-scf'))).toBe(1);
  expect(countBound(gap('clb/ap-singapore'))).toBe(1);
  expect(countBound(gap('clb/ap-singapore/lb-cvm'))).toBe(0);
});

it('does not count the rule of another account', () => {
  expect(countBound({ connectionId: 'other' })).toBe(0);
});
