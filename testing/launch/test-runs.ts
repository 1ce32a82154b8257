import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { StepId } from '@/lib/plan/model/model';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunId } from '@/lib/run/model/run-id';
import { testSplitDiversion } from '@/testing/diversion/test-split';
import type { TestDashboard } from './test-dashboard';
import { type WebVerbs, webVerbs } from './test-web-verbs';

/** Runs of the test's Split on one connection of the sandbox: starts and observes them. */
export type TestRuns = {
  /**
   * Reviews a Split against a fresh snapshot and submits it to the workers, with the verbs of a dashboard. @returns the
   * run's id
   */
  apply(verbs?: WebVerbs): Promise<RunId>;
  /** Waits until the run has ended. */
  ends(runId: RunId, state: 'done' | 'rolledBack'): Promise<void>;
  /**
   * Expects that the cloud counts exactly one effect for each write of the run, in apply and rollback; concurrent
   * writers would cause more.
   */
  expectOnce(runId: RunId): Promise<void>;
  /** Returns the worker that executes this run, once a call of this step is in progress. */
  workerOf(runId: RunId, stepId: StepId): Promise<string>;
};

const within = { timeout: 20_000, interval: 20 };

export function testRuns(dashboard: TestDashboard, connectionId: string): TestRuns {
  const { db } = dashboard.database;
  return {
    async apply(verbs = webVerbs) {
      await verbs.startSync(connectionId);
      await expect.poll(dashboard.readConnections, within).toContain(connectionId);
      return dashboard.apply(connectionId, testSplitDiversion, verbs);
    },
    async ends(runId, state) {
      await expect
        .poll(async () => foldRun(await dashboard.recordOf(runId)), { ...within, interval: 100 })
        .toMatchObject({ state, stopped: null });
    },
    async expectOnce(runId) {
      const counted = Object.values(await dashboard.effects());
      const { events } = await dashboard.recordOf(runId);
      const done = events.filter((e) => e.type === 'stepDone' && /applied|readBack/.test(e.outcome));
      expect(done.length).toBeGreaterThan(2);
      expect(counted.reduce((sum, count) => sum + count, 0)).toBe(done.length);
    },
    async workerOf(runId, stepId) {
      await expect
        .poll(async () => {
          const { events } = await dashboard.recordOf(runId);
          return events.some((e) => e.type === 'accepted' && e.stepId === stepId);
        }, within)
        .toBe(true);
      const { rows } = await db.execute<{ worker: string }>(
        sql`select executor_id as worker from dbos.workflow_status where workflow_uuid like ${`${runId}.%`} and status = 'PENDING'`,
      );
      return rows[0]?.worker ?? '';
    },
  };
}
