import { afterAll, beforeEach, expect, it } from 'vitest';
import { approvalPolicies, changeFreezes, estates, runAttempts, safetyRules } from '@/lib/db/schema';
import { foldRun } from '@/lib/run/model/fold-run';
import type { Direction } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { startWorkerFixture } from '@/testing/worker/test-worker-fixture';

/* A worker, a real database with safety rules, and the real sandbox. Without the engine. */

const fixture = await startWorkerFixture('127.183.0.0/16');
afterAll(() => fixture.stop());

const effects = () => fixture.callControl('GET', '/effects') as Promise<Record<string, number>>;

beforeEach(async () => {
  const { db } = fixture.database;
  await fixture.callControl('POST', '/reset');
  for (const table of [safetyRules, changeFreezes, approvalPolicies]) await db.delete(table);
  const estate = await fixture.connect().readEstate(() => {});
  await db
    .insert(estates)
    .values({ connectionId: 'test', takenAt: new Date(estate.takenAt), version: 1, estate });
});

/** Adds a rule, as its verb does. */
async function add(rule: object): Promise<void> {
  const parsed = SafetyRule.parse({ name: 'Sale is on', match: { domains: ['*'] }, ...rule });
  const by = { createdBy: 'test', changedBy: 'test' };
  await fixture.database.db.insert(safetyRules).values({ name: parsed.name, rule: parsed, ...by });
}

/** Stores a rule with invalid content. */
async function damage(name: string): Promise<void> {
  const row = { name, rule: { kind: 'unknown' } as never, createdBy: 'test', changedBy: 'test' };
  await fixture.database.db.insert(safetyRules).values(row);
}
const never = { kind: 'protected', approvals: null };

/** Executes an attempt of a run. @param onRecord called once the first step's call is recorded */
const work = (runId: RunId, attempt: number, onRecord = async () => {}) =>
  fixture.work(runId, {
    attempt,
    faultPoint: async (point, stepId) => {
      if (point === 'afterRecord' && stepId === 's1') await onRecord();
    },
  });

async function workAgain(runId: RunId, attempt: number, direction: Direction): Promise<void> {
  await fixture.database.db.insert(runAttempts).values({ runId, attempt, direction, actor: 'test' });
  await work(runId, attempt);
}

const stateOf = async (runId: RunId) => foldRun(await fixture.recordOf(runId));

it('a rule that is added during a run stops its next write, and a retry continues once it is removed', async () => {
  const runId = await fixture.storeRun();
  await work(runId, 1, () => add(never));
  expect(await stateOf(runId)).toMatchObject({
    state: 'stopped',
    stopped: {
      stepId: 's2',
      reason: {
        kind: 'invalid',
        problems: [
          { kind: 'safetyRule', values: { rule: 'Sale is on', why: 'never', may: 'administrator' } },
        ],
      },
    },
  });
  expect(Object.values(await effects())).toEqual([1]);
  await workAgain(runId, 2, 'apply');
  expect(await stateOf(runId)).toMatchObject({ state: 'stopped', stopped: { stepId: 's2' } });
  await fixture.database.db.delete(safetyRules);
  await workAgain(runId, 3, 'apply');
  expect(await stateOf(runId)).toMatchObject({ state: 'done' });
});

it('judges an assertion on the state that the writes so far have left', async () => {
  const assertion = {
    kind: 'assertion',
    match: { domains: ['flash.example.co.id'] },
    over: 'eachDomain',
    requirement: { kind: 'atLeast', count: 1 },
  };
  await add({ ...assertion, sides: 'either' });
  const runId = await fixture.storeRun();
  await work(runId, 1);
  expect(await stateOf(runId)).toMatchObject({ state: 'done' });
});

it('holds a run while a rule can’t be read', async () => {
  const runId = await fixture.storeRun();
  await damage('Old');
  await work(runId, 1);
  expect(await stateOf(runId)).toMatchObject({
    state: 'stopped',
    stopped: { stepId: 's1', reason: { problems: [{ values: { rule: 'Old', why: 'unread' } }] } },
  });
  expect(await effects()).toEqual({});
});

it('holds an apply whose rule and freeze got damaged, and rolls it back', async () => {
  const { db } = fixture.database;
  const runId = await fixture.storeRun();
  await work(runId, 1, async () => {
    await damage(' ');
    await db
      .insert(changeFreezes)
      .values({ name: 'Sale', span: { kind: 'weekly' } as never, createdBy: 'test' });
    await db
      .insert(approvalPolicies)
      .values({ rules: [{ name: 'Shop' }] as never, setBy: 'test', setAt: new Date() });
  });
  const [rule] = await db.select({ id: safetyRules.id }).from(safetyRules);
  expect(await stateOf(runId)).toMatchObject({
    state: 'stopped',
    stopped: { stepId: 's2', reason: { problems: [{ values: { rule: `#${rule?.id}`, why: 'unread' } }] } },
  });
  await workAgain(runId, 2, 'rollback');
  expect(await stateOf(runId)).toMatchObject({ state: 'rolledBack' });
});
