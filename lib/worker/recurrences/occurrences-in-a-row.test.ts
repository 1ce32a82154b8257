import { afterAll, expect, it } from 'vitest';
import type { DiversionId } from '@/lib/diversion/diversion';
import { invariant } from '@/lib/invariant';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { getDiversion } from '@/lib/server/diversions/get-diversion';
import { setRecurrence } from '@/lib/server/recurrences/change-recurrence';
import { createOccurrences } from '@/lib/store/recurrences/create-occurrences';
import { loadRun } from '@/lib/store/runs/load-run';
import { storedValidator } from '@/lib/worker/runs/stored-validator';
import { testSaleSwitch } from '@/testing/diversion/test-sale-switch';
import { testRule } from '@/testing/plan/test-recurrence';
import { TestRun } from '@/testing/run/test-run';
import { startRunFixture } from '@/testing/run/test-run-fixture';
import { testContext } from '@/testing/server/test-context';

/* Consecutive occurrences of one series on the real sandbox: each is applied and rolled back before the next. */

const context = testContext();
const fixture = await startRunFixture('127.221.0.0/16');
afterAll(() => fixture.stop());

/** Its rollback removes weights, and DNSPod may keep them: plans created before then start from another state. */
const ramp = { ...testSaleSwitch, ramp: [{ percent: 10, bakeS: 1 }] };
const base = () => ({ at: new Date().toISOString(), direction: 'apply' }) as const;
const sync = async () => context.connect('test', 'sandbox', await fixture.readEstate());

async function list(series: DiversionId) {
  const occurrences = (await getDiversion(series))?.recurrence?.occurrences.toReversed() ?? [];
  return occurrences.map((each) => {
    invariant(each.runId !== null, `it is scheduled: ${JSON.stringify(each)}`);
    return { ...each, runId: each.runId };
  });
}
async function readRun(runId: RunId) {
  const run = await loadRun(context.db, runId);
  invariant(run !== null, 'it is stored');
  return run;
}
/** Lets a worker claim a run and re-validate it, and records the findings. */
async function revalidate(runId: RunId): Promise<readonly string[]> {
  const run = await readRun(runId);
  const problems = await storedValidator({ db: context.db, sync: async () => {}, keepAliveS: 75 }, run).check(
    false,
  );
  const found: readonly RunEvent[] = [
    { ...base(), type: 'started', actor: 'recurrence', attempt: 1 },
    { ...base(), type: 'gate', gate: 'prewarm', due: run.cutover?.t0 ?? '' },
    { ...base(), type: 'checked', problems },
  ];
  await context.write(runId, ...found);
  return problems.map(({ kind }) => kind);
}
/** Applies the plan of an occurrence on the sandbox and rolls it back, as at its T0 and T1. */
async function play(runId: RunId): Promise<void> {
  const run = new TestRun(fixture, (await readRun(runId)).plan);
  expect(await run.go('apply')).toBe('done');
  expect(await run.go('rollback')).toBe('rolledBack');
  await context.write(runId, { ...base(), type: 'passed', gate: 'prewarm', latenessMs: 0 }, ...run.events);
  await sync();
}

it('re-plans the next occurrence when the rollback of the previous one has left another state', async () => {
  await fixture.assume({ 'dnspod.unsetWeight': 'kept' });
  await sync();
  const { diversionId: series } = await context.plan(ramp);
  const rule = testRule({ aheadDays: 3 });
  expect(
    await setRecurrence({ diversionId: series, rule, reason: 'each day', typedDomain: null }),
  ).toMatchObject({ ok: true });
  const create = () => createOccurrences(series, new Date());
  await create();
  const [first, second, third] = await list(series);
  invariant(first !== undefined && second !== undefined && third !== undefined, 'three are due');

  expect(await revalidate(first.runId)).toEqual([]);
  await play(first.runId);
  expect(await revalidate(second.runId)).toEqual(['outdated']);
  expect(await revalidate(third.runId)).toEqual(['outdated']);
  await create();
  const [, again, later] = await list(series);
  invariant(again !== undefined, 'its date is created again');
  expect(again).toMatchObject({ date: second.date, t0: second.t0, problems: [] });
  expect(again.diversionId).not.toBe(second.diversionId);
  expect((await getDiversion(second.diversionId))?.state).toBe('discarded');
  // A later occurrence waits until it is the next one: its initial state may change until then.
  expect(later?.diversionId).toBe(third.diversionId);

  expect(await revalidate(again.runId)).toEqual([]);
  await play(again.runId);
  await create();
  const [, , last] = await list(series);
  invariant(last !== undefined, 'its date is created again');
  expect(last).toMatchObject({ date: third.date, problems: [] });
  expect(last.diversionId).not.toBe(third.diversionId);
  expect(await revalidate(last.runId)).toEqual([]);
  await play(last.runId);
});
