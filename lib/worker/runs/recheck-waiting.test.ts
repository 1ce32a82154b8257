import { eq } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import type { Change } from '@/lib/contract/change';
import { estates } from '@/lib/db/schema';
import type { Problem } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { RunMessage } from '@/lib/run/steps/ports';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { addFreeze, removeFreeze } from '@/lib/server/settings/change-freezes';
import { listFreezes } from '@/lib/server/settings/list-freezes';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { recheckWaiting } from './recheck-waiting';

/* The runs that are checked again after a change of the database. */

const context = testContext();
beforeEach(async () => {
  await context.clear();
  for (const id of ['test', 'other']) await context.connect(id, 'sandbox', testEstate());
});

const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const outdated: Problem = { kind: 'outdated', values: {} };

/** Stores a scheduled run that waits for its prewarm, with the problems of its last check. */
async function waiting(t0: number, problems: readonly Problem[], connectionId = 'test') {
  const { id: planId, hash } = await context.plan(testSplit(), connectionId);
  const times = { t0: at(t0), prewarmS: 600, t1: at(t0 + 1), zone: 'UTC' };
  const cutover = { ...times, missedT0: { kind: 'skip' as const }, guards: [] };
  const applied = await applyPlan({ planId, hash, typedDomain: null, cutover });
  if (!applied.ok) throw new Error(JSON.stringify(applied));
  const { runId } = applied.value;
  const stamp = { at: at(0), direction: 'apply' } as const;
  await context.write(
    runId,
    { type: 'started', actor: 'test', attempt: 1, ...stamp },
    { type: 'gate', gate: 'prewarm', due: at(t0), ...stamp },
    { type: 'checked', problems, ...stamp },
  );
  return { runId, planId, stamp };
}

/** Returns a function that returns the runs that changes have checked again. */
function recheck() {
  const sent: { readonly runId: RunId; readonly message: RunMessage }[] = [];
  const react = recheckWaiting(context.db, {
    send: async ({ runId }, message) => void sent.push({ runId, message }),
  });
  return async (...changes: readonly Change[]) => {
    sent.length = 0;
    await react(changes);
    expect(sent.every(({ message }) => message.command === 'check')).toBe(true);
    return sent.map(({ runId }) => runId).toSorted();
  };
}

it('checks the runs that a change can concern, and those with a problem after any change', async () => {
  const fine = await waiting(2, []);
  const failing = await waiting(8, [outdated]);
  const other = await waiting(4, [], 'other');
  const checked = recheck();
  expect(await checked({ kind: 'anything' })).toEqual([failing.runId]);
  // Progress of a sync, and then its snapshot.
  expect(await checked({ kind: 'estate', id: 'test' })).toEqual([]);
  await context.db.update(estates).set({ takenAt: new Date() }).where(eq(estates.connectionId, 'test'));
  expect(await checked({ kind: 'estate', id: 'test' })).toEqual([failing.runId]);
  expect(await checked({ kind: 'run', id: fine.runId }, { kind: 'probes', id: fine.runId })).toEqual([]);
  expect(await checked({ kind: 'plan', id: fine.planId })).toEqual([fine.runId, failing.runId].toSorted());
  expect(await checked({ kind: 'connection', id: 'other' })).toEqual([failing.runId, other.runId].toSorted());
});

it('checks all waiting runs once after a change of the freezes', async () => {
  const runs = [await waiting(2, []), await waiting(4, [], 'other')].map(({ runId }) => runId).toSorted();
  const checked = recheck();
  expect(await checked({ kind: 'schedule' })).toEqual([]);
  const span = { kind: 'once', from: at(0), to: at(9) } as const;
  expect(await addFreeze({ name: 'Year end', span })).toMatchObject({ ok: true });
  expect(await checked({ kind: 'schedule' })).toEqual(runs);
  expect(await checked({ kind: 'schedule' })).toEqual([]);
  const [freeze] = await listFreezes();
  await removeFreeze(freeze?.id ?? 0);
  expect(await checked({ kind: 'schedule' })).toEqual(runs);
});

it('leaves runs alone that are paused, stopped or under way', async () => {
  const paused = await waiting(2, [outdated]);
  await context.write(paused.runId, { type: 'paused', actor: 'test', reason: '', ...paused.stamp });
  const stopped = await waiting(4, [outdated], 'other');
  const reason = { kind: 'invalid', problems: [outdated] } as const;
  await context.write(stopped.runId, { type: 'stopped', stepId: null, reason, ...stopped.stamp });
  expect(await recheck()({ kind: 'anything' })).toEqual([]);
});
