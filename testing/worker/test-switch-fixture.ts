import { eq } from 'drizzle-orm';
import pino from 'pino';
import { createProber } from '@/lib/cloud/probe/prober';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { openDatabase } from '@/lib/db/database';
import { plans, runAttempts, runEvents, runs, switches } from '@/lib/db/schema';
import { defaultFailover } from '@/lib/diversion/default-failover';
import type { FailoverPolicy } from '@/lib/diversion/failover';
import { SwitchDiversion, type SwitchSide } from '@/lib/diversion/switch';
import { resolveIds } from '@/lib/estate/call';
import type { Prober } from '@/lib/estate/probe';
import { invariant } from '@/lib/invariant';
import { connectEngine } from '@/lib/run/durable/connect-engine';
import { takeLease } from '@/lib/run/durable/lease';
import { queueDepths } from '@/lib/run/durable/queue-depths';
import { workLoop } from '@/lib/worker/loop/work-loop';
import { switchRounds, type WatchDeps } from '@/lib/worker/switches/watch-switches';
import { syncEstate } from '@/lib/worker/sync/sync-estate';
import { testSplitDiversion } from '@/testing/diversion/test-split';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { startWorkerFixture } from './test-worker-fixture';

/** The sale of the small seed: its servers are behind one load balancer, the function behind the other. */
export const saleSwitch: SwitchDiversion = SwitchDiversion.parse({
  ...testSplitDiversion,
  kind: 'switch',
  name: 'Sale',
  routes: testSplitDiversion.routes.map((route) =>
    route.to === 'cvm'
      ? { ...route, domain: 'sale.example.com', rule: { kind: 'existing', ruleId: 'loc-sale0001' } }
      : route,
  ),
  toward: 'function',
  ramp: [{ percent: 100, bakeS: 0 }],
});

/** Decides in every round, so that a test needs only one. */
export const hasty: FailoverPolicy = {
  ...defaultFailover,
  failures: 1,
  of: 1,
  everyS: 1,
  proof: 1,
  holdDownS: 0,
};

/** The worker's access to accounts. */
type Accounts = Pick<WatchDeps, 'cloudOf' | 'has' | 'loop'>;

export const servers = ['ins-web00001', 'ins-web00002'] as const;
export const saleFunction = 'ap-singapore/default/hello';

/** Starts the small seed's Switch with its function bound, and what a worker needs to watch it. */
export async function startSwitchFixture(vipNetwork: string) {
  const fixture = await startWorkerFixture(vipNetwork);
  const log = pino({ level: 'silent' });
  const { connection, database } = fixture;
  const { db, url } = database;
  const own = openDatabase(url, () => {});
  const engine = await connectEngine(url);
  const cloud = createTencentCloud(connection, { now: () => new Date(), log });
  const prober = createProber(connection, cloud);
  const read = () =>
    syncEstate({ db, cloudOf: () => cloud, historyDays: 30, onError: () => {} }, connection.id);

  /** Makes the writes on one kind of object that a move to a side requires, without a run. */
  async function write(toward: SwitchSide, kind: 'rule' | 'recordSet'): Promise<void> {
    const estate = await cloud.readEstate(() => {});
    const planned = createTestPlan({ estate, diversion: { ...saleSwitch, toward }, keepAliveS: 0 });
    for (const step of planned.steps) {
      if (step.kind !== 'write' || step.object.kind !== kind) continue;
      // The object created by the previous step has an id now.
      const { ids } = await cloud.read(step.object);
      await cloud.wait(await cloud.write(resolveIds(step.call, ids).call));
    }
    await read();
  }
  await write('function', 'rule');

  return {
    ...fixture,
    cloud,
    prober,
    read,
    /** Resets to the seed, with the function bound. */
    async reset() {
      await fixture.callControl('POST', '/reset');
      await write('function', 'rule');
    },
    /** Points the name at a side, without a run. */
    move: (toward: SwitchSide) => write(toward, 'recordSet'),
    /** Starts a worker with its own lease. @returns a function that runs a round over all due Switches */
    async worker(
      name: string,
      onProbe: () => Promise<void> = async () => {},
      {
        cloudOf = () => cloud,
        has = (id) => id === connection.id,
        loop = workLoop('switches', { log }),
      }: Partial<Accounts> = {},
    ) {
      const who = { worker: name, version: 'test' };
      const lease = await takeLease(url, who, { onWaiting: () => {}, onLost: () => {} });
      const asking: Prober = {
        async probe(asked) {
          await onProbe();
          return prober.probe(asked);
        },
      };
      return switchRounds({
        db,
        pool: own.pool,
        lease,
        engine,
        log,
        keepAliveS: 0,
        maxSharePercent: 25,
        cloudOf,
        proberOf: () => asking,
        has,
        loop,
      });
    },
    /** Replaces all Switches and runs by a single Switch. @returns its id */
    async put(change: Partial<typeof switches.$inferInsert> = {}): Promise<string> {
      await db.delete(switches);
      await db.delete(runEvents);
      await db.delete(runAttempts);
      await db.delete(runs);
      await db.delete(plans);
      const row = { connectionId: connection.id, diversion: saleSwitch, policy: hasty, setBy: 'test' };
      const [made] = await db
        .insert(switches)
        .values({ ...row, state: 'enabled', ...change })
        .returning({ id: switches.id });
      invariant(made !== undefined, 'an insert returns its row');
      return made.id;
    },
    async switchOf(id: string) {
      const [row] = await db.select().from(switches).where(eq(switches.id, id));
      invariant(row !== undefined, 'it is on the board');
      return row;
    },
    async runsQueued() {
      const queued = (await queueDepths(own.pool)).find(({ queue }) => queue === 'runs');
      return queued?.waiting ?? 0;
    },
    down: (...instances: readonly string[]) =>
      Promise.all(
        instances.map((instanceId) =>
          fixture.callControl('POST', '/faults', { kind: 'instanceDown', instanceId }),
        ),
      ),
    async stop() {
      await engine.close();
      await own.close();
      await fixture.stop();
    },
  };
}
export type SwitchFixture = Awaited<ReturnType<typeof startSwitchFixture>>;
