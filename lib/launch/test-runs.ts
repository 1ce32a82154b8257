import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { testSplit } from '@/lib/diversion/test-split';
import { foldRun } from '@/lib/run/fold-run';
import type { TestDashboard } from './test-dashboard';
import { type WebVerbs, webVerbs } from './test-web-verbs';

/** Runs of the test's Split on one connection of the sandbox: how they begin, and what is seen of them. */
export type TestRuns = {
  /** Reviews a Split over a fresh estate and hands it to the workers, by the verbs of a dashboard. @returns the run's id */
  apply(verbs?: WebVerbs): Promise<string>;
  /** Waits until the run has come to its end. */
  ends(runId: string, state: 'done' | 'reverted'): Promise<void>;
  /** That the cloud counts one effect for each write that the run has done, there and back: two at once would have made more. */
  expectOnce(runId: string): Promise<void>;
  /** The worker that runs this run, once a call of this step is under way. */
  workerOf(runId: string, stepId: string): Promise<string>;
};

const within = { timeout: 20_000, interval: 20 };

export function testRuns(dashboard: TestDashboard, connectionId: string): TestRuns {
  const { db } = dashboard.database;
  return {
    async apply(verbs = webVerbs) {
      await verbs.startSync(connectionId);
      await expect.poll(dashboard.readConnections, within).toContain(connectionId);
      return dashboard.apply(connectionId, testSplit, verbs);
    },
    async ends(runId, state) {
      await expect
        .poll(async () => foldRun(await dashboard.recordOf(runId)), { ...within, interval: 100 })
        .toMatchObject({ state, held: null });
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
