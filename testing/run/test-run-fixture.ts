import type { CloudConnection } from '@/lib/cloud/connection';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import type { Plan } from '@/lib/plan/model/model';
import type { Clock } from '@/lib/run/steps/ports';
import { type AssumptionName, Assumptions } from '@/lib/sandbox/world/assumptions';
import type { AccountWorld, World } from '@/lib/sandbox/world/world';
import { silentLog, startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { testSplitDiversion } from '@/testing/diversion/test-split';
import { createTestPlan } from '@/testing/plan/create-test-plan';

/** Time runs faster than the sandbox's, so that long waits pass quickly. */
const haste = 20;
const began = Date.now();
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms / haste));
export const clock: Clock = {
  now: () => new Date(began + (Date.now() - began) * haste),
  sleepUntil: (instant) => sleep(instant.getTime() - clock.now().getTime()),
};

/** Creates the adapter of one process on the fast clock, which also controls its request rate and its polling. */
export const connectFast = (connection: CloudConnection) =>
  createTencentCloud(connection, { now: clock.now, sleep, log: silentLog });

/** A sandbox for this test alone, with everything needed to run plans on it. */
export type RunFixture = {
  readonly connection: CloudConnection;
  readonly cloud: ReturnType<typeof createTencentCloud>;
  /** Resets the sandbox data to the seed, with tasks of 30 ms. @param change the differences of its first account */
  reset(change?: (account: AccountWorld) => void): Promise<void>;
  /** Changes the first account through the control API, in ways that the cloud API doesn't support. */
  edit(change: (account: AccountWorld) => void): Promise<void>;
  /** Injects a fault through the control API. */
  fault(order: object): Promise<void>;
  /** Sets assumptions about undocumented behaviour; a reset keeps them. */
  assume(values: Readonly<Partial<Record<AssumptionName, string | number>>>): Promise<void>;
  /** Returns the number of times each write took effect, by action and object. */
  effects(): Promise<Record<string, number>>;
  readEstate(): Promise<Estate>;
  makePlan(keepAliveS?: number, diversion?: Diversion): Promise<Plan>;
  /** Makes a foreign change to the record that a plan moves. @param fourth the last number of the address */
  pointAt(plan: Plan, fourth: number): Promise<void>;
  stop(): Promise<void>;
};

/** @param vipNetwork a /16 of loopback for this test alone */
export async function startRunFixture(vipNetwork: string): Promise<RunFixture> {
  // With the fast clock, more requests are sent per second than the cloud allows.
  const assumptions = new Assumptions();
  assumptions.set('api.rates', 'unlimited');
  const sandbox = await startConnectedSandbox({
    assumptions,
    vipNetwork,
    adapter: { now: clock.now, sleep },
  });
  const { connection, cloud, control } = sandbox;
  const edit = async (change: (account: AccountWorld) => void) => {
    const data = await control<World>('GET', '/data');
    const [account] = Object.values(data.accounts);
    invariant(account !== undefined, 'the seed has an account');
    change(account);
    await control('PUT', '/data', data);
  };
  const readEstate = () => cloud.readEstate(() => undefined);
  const seeded = new Set((await readEstate()).loadBalancers.map(({ id }) => id));
  return {
    connection,
    cloud,
    async reset(change) {
      await control('POST', '/reset');
      await control('POST', '/task-time', { ms: 30 });
      if (change !== undefined) await edit(change);
    },
    edit,
    async fault(order) {
      await control('POST', '/faults', order);
    },
    async assume(values) {
      await control('PUT', '/assumptions', values);
    },
    effects: () => control<Record<string, number>>('GET', '/effects'),
    readEstate,
    async makePlan(keepAliveS = 0, diversion: Diversion = testSplitDiversion) {
      const estate = await readEstate();
      // Load balancers that are not in the seed were created by a run.
      const ownLoadBalancers = estate.loadBalancers.flatMap(({ id }) => (seeded.has(id) ? [] : [id]));
      return createTestPlan({ estate: { ...estate, ownLoadBalancers }, diversion, keepAliveS });
    },
    async pointAt(plan, fourth) {
      const move = plan.steps[3];
      invariant(move?.kind === 'write', 'the fourth step moves the record');
      const { Domain, RecordId } = move.call.params;
      invariant(Domain !== undefined && RecordId !== undefined, 'the record is named');
      const Value = vipNetwork.replace('0.0/16', `1.${fourth}`);
      const params = { Domain, RecordId, FieldList: [{ Key: 'value', Value }] };
      await cloud.write({ service: 'dnspod', action: 'ModifyRecordFields', region: null, params });
    },
    stop: sandbox.stop,
  };
}

/** Returns an estate without fields that may differ after apply and rollback: times, including that of the sync. */
export function lasting(estate: Estate): unknown {
  const { takenAt: _takenAt, ...rest } = estate;
  return { ...rest, records: rest.records.map(({ updatedAt: _updatedAt, ...record }) => record) };
}
