import * as schema from '@/lib/db/schema';
import { prepareSealingKey } from '@/lib/db/sealing-keys';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import type { Settings } from '@/lib/settings';
import { provideServerContext, serverContext } from '@/lib/store/context';
import { startTestDatabase } from '@/testing/db/test-database';
import { ofThisFile } from '@/testing/db/test-file-database';
import { testKeys } from '@/testing/launch/test-keys';
import { testEstate, testSplit } from '@/testing/plan/test-estate';

const {
  approvals,
  breakGlasses,
  runEvents,
  runAttempts,
  switches,
  runs,
  plans,
  diversions,
  estates,
  estateVersions,
  changeFreezes,
  emergencyStops,
  policies,
  acceptedDrift,
  emergencyStopLog,
  alertAcknowledgements,
  functionChanges,
  functionReadings,
  trafficHistories,
  approvalComments,
  approvalPolicies,
  approvalRequests,
  calendarFeeds,
  alertDeliveries,
  alertChannels,
  alertLinkUses,
  connectionKeys,
  connectionTests,
  occurrences,
  recurrenceChanges,
  recurrences,
  rehearsals,
  safetyRules,
} = schema;
/** The tables that tests write to, in an order in which they can be cleared. */
const left = [
  rehearsals,
  occurrences,
  recurrenceChanges,
  recurrences,
  approvalComments,
  approvalRequests,
  breakGlasses,
  approvals,
  alertAcknowledgements,
  switches,
  runEvents,
  runAttempts,
  runs,
  plans,
  diversions,
  estates,
  estateVersions,
  acceptedDrift,
  changeFreezes,
  emergencyStops,
  emergencyStopLog,
  policies,
  functionChanges,
  functionReadings,
  trafficHistories,
  approvalPolicies,
  calendarFeeds,
  alertDeliveries,
  alertChannels,
  alertLinkUses,
  connectionKeys,
  safetyRules,
  connectionTests,
];

async function startTestContext() {
  const { url, stop } = await startTestDatabase();
  process.env.DATABASE_URL = url;
  // Verbs are called outside of requests, as the user of this machine. Tests of the sign-in turn it on.
  process.env.SPILLWAY_SIGN_IN ??= 'off';
  process.env.SPILLWAY_ALERT_PRIVATE_HOSTS = '127.0.0.1';
  process.env.SPILLWAY_LINK_KEY = testKeys.links;
  // Without this, each verb would log a line.
  process.env.SPILLWAY_LOG_LEVEL ??= 'warn';
  const { database, engine } = await serverContext();
  const { db } = database;
  await prepareSealingKey(url, [testKeys.sealingKeys ?? '']);
  return {
    url,
    db,
    /** Resets everything to its initial state, except connections. */
    async clear(): Promise<void> {
      for (const table of left) await db.delete(table);
    },
    /** Stores an account, with a snapshot taken now. */
    async connect(id: string, kind: 'sandbox' | 'tencent' = 'sandbox', estate = testEstate()): Promise<void> {
      const connection = { id, name: id, kind, portOffset: 0, isolation: null, available: true };
      await db.insert(schema.connections).values(connection).onConflictDoNothing();
      const own: Estate = {
        ...estate,
        connectionId: estate.connectionId.replace(/.*/, id) as Estate['connectionId'],
      };
      await db
        .insert(estates)
        .values({ connectionId: id, takenAt: new Date(estate.takenAt), version: 1, estate: own });
    },
    /** Creates a plan of a diversion, in the form that its page gets. */
    async plan(diversion: object = testSplit(), connectionId = 'test') {
      const created = await createPlan({ connectionId, diversion });
      invariant(created.ok, `the plan is accepted: ${JSON.stringify(created)}`);
      const view = await getPlan(created.value.planId);
      invariant(view !== null, 'the plan is stored');
      return view;
    },
    /** Writes to a run's journal like a worker. */
    async write(runId: RunId, ...events: readonly RunEvent[]): Promise<void> {
      for (const event of events) await db.insert(runEvents).values({ runId, event });
    },
    /** Acts while the server has other settings. */
    async withSettings<T>(change: Partial<Settings>, act: () => Promise<T>): Promise<T> {
      const own = await serverContext();
      provideServerContext({ ...own, settings: { ...own.settings, ...change } });
      try {
        return await act();
      } finally {
        provideServerContext(own);
      }
    },
    async stop(): Promise<void> {
      await engine.close();
      await database.close();
      await stop();
    },
  };
}

type TestContext = Awaited<ReturnType<typeof startTestContext>>;

/**
 * The context of verbs on a real database, for all tests of a file. No worker runs, so runs stay in the state that a
 * test sets.
 * @param prepare sets up data for all of them
 */
export function testContext(
  prepare: (context: TestContext) => Promise<unknown> = async () => {},
): TestContext {
  const started = ofThisFile(async () => {
    const context = await startTestContext();
    await prepare(context);
    return context;
  });
  return {
    get url() {
      return started().url;
    },
    get db() {
      return started().db;
    },
    clear: () => started().clear(),
    connect: (...account) => started().connect(...account),
    plan: (...wanted) => started().plan(...wanted),
    write: (...events) => started().write(...events),
    withSettings: (change, act) => started().withSettings(change, act),
    stop: () => started().stop(),
  };
}
