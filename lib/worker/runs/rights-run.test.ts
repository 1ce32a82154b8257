import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { approvals, plans, runAttempts, switches, users } from '@/lib/db/schema';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunId } from '@/lib/run/model/run-id';
import { readApprovalState } from '@/lib/store/plans/approval-state';
import { loadRun } from '@/lib/store/runs/load-run';
import { testSwitch } from '@/testing/plan/test-estate';
import { requireApprovals, setRules, testApprovalRule } from '@/testing/server/require-approvals';
import { giveRole } from '@/testing/server/test-person';
import { startWorkerFixture } from '@/testing/worker/test-worker-fixture';
import { storedValidator } from './stored-validator';

/* Runs that are applied at once: a worker, a real database with accounts and approval rules, and the real sandbox. */

const fixture = await startWorkerFixture('127.184.0.0/16');
afterAll(() => fixture.stop());
beforeEach(async () => {
  const { db } = fixture.database;
  await fixture.callControl('POST', '/reset');
  await db.delete(approvals);
  await db.delete(switches);
  await db.delete(users);
  await requireApprovals(db, 0);
});

const effects = () => fixture.callControl('GET', '/effects') as Promise<Record<string, number>>;

/** Executes a new attempt by someone. */
async function retry(runId: RunId, attempt: number, actor = 'test'): Promise<void> {
  await fixture.database.db.insert(runAttempts).values({ runId, attempt, direction: 'apply', actor });
  await fixture.work(runId, { attempt });
}

const readState = async (runId: RunId) => foldRun(await fixture.recordOf(runId));
const stoppedFor = (...problems: readonly object[]) => ({
  state: 'stopped',
  stopped: { stepId: null, reason: { kind: 'invalid', problems } },
});

it('a run whose approvals don’t suffice any more writes nothing, can be approved while it is stopped, and then continues', async () => {
  const { db } = fixture.database;
  const runId = await fixture.storeRun();
  const { planId } = await fixture.recordOf(runId);
  const [plan] = await db.select({ hash: plans.hash }).from(plans).where(eq(plans.id, planId));
  await giveRole(db, 'intan@example.com', 'approver');
  const approve = (at: Date) =>
    db.insert(approvals).values({
      planId,
      hash: plan?.hash ?? '',
      name: 'intan@example.com',
      nameKey: `intan ${at.getTime()}`,
      comment: '',
      actor: 'intan@example.com',
      at,
    });
  await setRules(db, [testApprovalRule(1, { expiresAfterH: 1 })]);
  await approve(new Date(Date.now() - 2 * 3_600_000));
  await fixture.work(runId);
  const expired = stoppedFor({ kind: 'unapproved', values: { given: 0, needed: 1 } });
  expect(await readState(runId)).toMatchObject(expired);
  expect(await effects()).toEqual({});
  await retry(runId, 2);
  expect(await readState(runId)).toMatchObject(expired);
  expect(await readApprovalState(db, planId)).toBe('open');
  await approve(new Date());
  await retry(runId, 3);
  expect(await readState(runId)).toMatchObject({ state: 'done' });
  expect(await readApprovalState(db, planId)).toBe('over');
});

it('a run whose author lost the right is stopped with the person’s name, and someone with the right continues it', async () => {
  const { db } = fixture.database;
  const runId = await fixture.storeRun();
  await db.update(runAttempts).set({ actor: 'sari@example.com' }).where(eq(runAttempts.runId, runId));
  await giveRole(db, 'sari@example.com', 'viewer');
  await giveRole(db, 'budi@example.com', 'operator');
  await fixture.work(runId);
  const lost = stoppedFor({ kind: 'authorLost', values: { actor: 'sari@example.com' } });
  expect(await readState(runId)).toMatchObject(lost);
  expect(await effects()).toEqual({});
  await retry(runId, 2, 'budi@example.com');
  expect(await readState(runId)).toMatchObject({ state: 'done' });
});

it('a failover needs no approval, but the right of whoever enabled it', async () => {
  const { db } = fixture.database;
  const runId = await fixture.storeRun();
  await db.update(runAttempts).set({ actor: 'failover' }).where(eq(runAttempts.runId, runId));
  await requireApprovals(db, 1);
  await giveRole(db, 'sari@example.com', 'operator');
  await db.insert(switches).values({
    connectionId: 'test',
    diversion: testSwitch(),
    policy: {} as never,
    setBy: 'sari@example.com',
    lastRunId: runId,
  } as typeof switches.$inferInsert);
  const problems = async () => {
    const run = await loadRun(db, runId);
    return run && storedValidator({ db, sync: async () => {}, keepAliveS: 75 }, run).checkRights();
  };
  expect(await problems()).toEqual([]);
  await giveRole(db, 'sari@example.com', 'viewer');
  expect(await problems()).toEqual([{ kind: 'authorLost', values: { actor: 'sari@example.com' } }]);
});
