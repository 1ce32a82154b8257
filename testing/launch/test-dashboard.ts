import { sql } from 'drizzle-orm';
import pino from 'pino';
import { estates } from '@/lib/db/schema';
import type { Diversion } from '@/lib/diversion/diversion';
import { invariant } from '@/lib/invariant';
import type { RunRecord } from '@/lib/run/model/fold-run';
import type { RunId } from '@/lib/run/model/run-id';
import { type Sandbox, startSandbox } from '@/lib/sandbox/sandbox';
import { serverContext } from '@/lib/store/context';
import { loadRun } from '@/lib/store/runs/load-run';
import { type OwnDatabase, startOwnDatabase } from '@/testing/db/own-database';
import { type WebVerbs, webVerbs } from './test-web-verbs';

/**
 * A real database and the real sandbox, for tests with workers as separate processes. The test's process is the
 * dashboard: it plans, applies and reads.
 */
export type TestDashboard = {
  readonly database: OwnDatabase;
  readonly sandbox: Sandbox;
  /** Calls the sandbox's control API. */
  callControl(method: string, path: string, body?: object): Promise<unknown>;
  /** Returns how often each write took effect, by action and object. */
  effects(): Promise<Record<string, number>>;
  /** Returns the connections that have been synced. */
  readConnections(): Promise<ReadonlySet<string>>;
  /**
   * Reviews a diversion against the newest snapshot and submits it to the workers.
   * @param verbs those of another dashboard
   * @returns the run's id
   */
  apply(connectionId: string, diversion: Diversion, verbs?: WebVerbs): Promise<RunId>;
  recordOf(runId: RunId): Promise<RunRecord>;
  /** Returns how often a worker has claimed the run. */
  countClaims(runId: RunId): Promise<number>;
  stop(): Promise<void>;
};

/**
 * Starts a dashboard, once per test file: the verbs take their database from the environment. @param vipNetwork a /16
 * of loopback for this test alone
 */
export async function startTestDashboard(vipNetwork: string, taskMs: number): Promise<TestDashboard> {
  const log = pino({ level: 'silent' });
  const [database, sandbox] = await Promise.all([
    startOwnDatabase(),
    startSandbox({
      port: 0,
      dnsPort: 0,
      controlPort: 0,
      seed: 'small',
      vipNetwork,
      taskMs,
      stateFile: null,
      log,
    }),
  ]);
  // Dashboard and workers connect with their own roles, as with the launcher.
  process.env.DATABASE_URL = database.webUrl;
  process.env.SPILLWAY_KEEP_ALIVE_S = '1';
  // Verbs are called outside of requests.
  process.env.SPILLWAY_SIGN_IN = 'off';
  const { db } = database;
  const { control } = sandbox.announcement;
  invariant(control !== null, 'the control API is on');
  const callControl: TestDashboard['callControl'] = async (method, path, body) => {
    const headers = { authorization: `Bearer ${control.token}` };
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${control.url}${path}`, { method, headers, ...init });
    const reply = await answer.json();
    invariant(answer.ok, `the control API takes ${method} ${path}: ${JSON.stringify(reply)}`);
    return reply;
  };
  return {
    database,
    sandbox,
    callControl,
    effects: () => callControl('GET', '/effects') as Promise<Record<string, number>>,
    async readConnections() {
      const rows = await db.selectDistinct({ id: estates.connectionId }).from(estates);
      return new Set(rows.map(({ id }) => id));
    },
    async apply(connectionId, diversion, verbs = webVerbs) {
      const created = await verbs.createPlan({ connectionId, diversion });
      invariant(created.ok, `the estate can be planned: ${JSON.stringify(created)}`);
      const plan = await verbs.getPlan(created.value.planId);
      invariant(plan !== null, 'the plan is stored');
      const applied = await verbs.applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null });
      invariant(applied.ok, `the plan is accepted: ${JSON.stringify(applied)}`);
      return applied.value.runId;
    },
    async recordOf(runId) {
      const record = await loadRun(db, runId);
      invariant(record !== null, 'the run is stored');
      return record;
    },
    async countClaims(runId) {
      const { rows } = await db.execute<{ fence: number }>(sql`select fence from run where id = ${runId}`);
      return rows[0]?.fence ?? 0;
    },
    async stop() {
      const { database: opened, engine } = await serverContext();
      await engine.close();
      await opened.close();
      await Promise.all([database.stop(), sandbox.stop()]);
    },
  };
}
