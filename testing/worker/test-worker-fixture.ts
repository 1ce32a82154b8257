import { pino } from 'pino';
import type { CloudConnection } from '@/lib/cloud/connection';
import { createProber } from '@/lib/cloud/probe/prober';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { plans, runAttempts, runs } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/model/hash';
import { PlanId } from '@/lib/plan/model/model';
import type { RunRecord } from '@/lib/run/model/fold-run';
import { RunId } from '@/lib/run/model/run-id';
import type { Once } from '@/lib/run/steps/ports';
import type { StepContext } from '@/lib/run/steps/step-context';
import { loadRun } from '@/lib/store/runs/load-run';
import { createMeasures } from '@/lib/worker/connections/measures';
import { storeConnections } from '@/lib/worker/connections/store-connections';
import { runPlan } from '@/lib/worker/runs/run-plan';
import { startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { testSplitDiversion } from '@/testing/diversion/test-split';
import { createTestPlan } from '@/testing/plan/create-test-plan';

type WorkGiven = Partial<Pick<StepContext, 'faultPoint' | 'once'>> & {
  readonly attempt?: number;
  readonly sync?: () => Promise<void>;
};

const log = pino({ level: 'silent' });

/** The environment of a worker under test: a real database, and an account of the real sandbox. */
export type WorkerFixture = {
  readonly database: TestDatabase;
  readonly connection: CloudConnection;
  /** Calls the sandbox's control API. */
  callControl(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown>;
  /** Stores a run of the test Split that waits for a worker. @returns its id */
  storeRun(): Promise<RunId>;
  recordOf(runId: RunId): Promise<RunRecord>;
  /** Creates the adapter of one process. */
  connect(): ReturnType<typeof createTencentCloud>;
  /** Executes the first or another attempt of a run, as a process of its own without the engine. */
  work(runId: RunId, given?: WorkGiven): Promise<void>;
  stop(): Promise<void>;
};

/** @param vipNetwork a /16 of loopback for this test alone */
export async function startWorkerFixture(vipNetwork: string): Promise<WorkerFixture> {
  const [database, sandbox] = await Promise.all([startTestDatabase(), startConnectedSandbox({ vipNetwork })]);
  const { db } = database;
  const { connection } = sandbox;
  await storeConnections(db, [{ connection, isolation: null }]);
  const connect = () => createTencentCloud(connection, { now: () => new Date(), log });
  return {
    database,
    connection,
    callControl: sandbox.control,
    async storeRun() {
      const planned = createTestPlan({
        estate: await sandbox.cloud.readEstate(() => {}),
        diversion: testSplitDiversion,
        keepAliveS: 0,
      });
      const stored = {
        connectionId: 'test',
        plan: planned,
        findings: [],
        createdBy: 'test',
        hash: await planHash(planned),
      };
      const [plan] = await db.insert(plans).values(stored).returning();
      const [run] = await db
        .insert(runs)
        .values({ planId: PlanId.parse(plan?.id), createdBy: 'test' })
        .returning();
      const runId = RunId.parse(run?.id);
      await db.insert(runAttempts).values({ runId, attempt: 1, direction: 'apply', actor: 'test' });
      return runId;
    },
    async recordOf(runId) {
      const record = await loadRun(db, runId);
      invariant(record !== null, 'the run is stored');
      return record;
    },
    connect,
    work(runId, { attempt = 1, faultPoint = async () => {}, once = memory(), sync = async () => {} } = {}) {
      const own = connect();
      const run = runPlan({
        db,
        cloudOf: () => own,
        proberOf: () => createProber(connection, own),
        faultPoint,
        log,
        measures: createMeasures('test'),
        sync,
        keepAliveS: 0,
        probeEveryS: 10,
      });
      return run({ runId, attempt }, { inbox: { take: async () => null }, once });
    },
    async stop() {
      await Promise.all([database.stop(), sandbox.stop()]);
    },
  };
}

/** Creates an in-memory store of finished steps, for one process. */
export function memory(): Once {
  const recorded = new Map<string, unknown>();
  return async (name, fn) => {
    if (!recorded.has(name)) recorded.set(name, await fn());
    return recorded.get(name) as Awaited<ReturnType<typeof fn>>;
  };
}
