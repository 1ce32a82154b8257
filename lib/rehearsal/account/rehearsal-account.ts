import { pino } from 'pino';
import { CloudConnection } from '@/lib/cloud/connection';
import type { CloudDeps } from '@/lib/cloud/deps';
import type { Cloud } from '@/lib/cloud/port';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { type CopiedEstate, copyEstate } from '@/lib/rehearsal/copy/copy-estate';
import { nextUuid, type SeededRandom } from '@/lib/rehearsal/seeded-random';
import type { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import { type ControlPlane, startControlPlane } from '@/lib/sandbox/control-plane';
import { Assumptions } from '@/lib/sandbox/world/assumptions';
import { SwitchableClock } from '@/lib/sandbox/world/clock';
import { createWire, type WireFate } from './wire';

/** Returns the connections to the accounts of a copied snapshot. */
function copiedConnections(
  plane: Pick<ControlPlane, 'api' | 'store'>,
  { accounts }: Pick<CopiedEstate, 'accounts'>,
  { regions }: Pick<Estate, 'regions'>,
  more: Partial<CloudConnection> = {},
): readonly CloudConnection[] {
  return accounts.map(({ connectionId, uin }) =>
    CloudConnection.parse({
      id: connectionId,
      name: 'rehearsal',
      kind: 'sandbox',
      endpoint: plane.api,
      regions,
      ...plane.store.secrets.keyOf(uin),
      dns: null,
      portOffset: 0,
      ...more,
    }),
  );
}

/** Creates adapters, as a worker process has them after its start: without queues and limits of an earlier one. */
function createAdapters(
  connections: readonly CloudConnection[],
  deps: CloudDeps,
): (connectionId: string) => Cloud {
  const clouds = new Map(
    connections.map((connection) => [String(connection.id), createTencentCloud(connection, deps)]),
  );
  return (connectionId) => {
    const cloud = clouds.get(connectionId);
    invariant(cloud !== undefined, `the snapshot has the connection ${connectionId}`);
    return cloud;
  };
}

/** The network in which a plan's new load balancers get addresses: one for documentation, where nothing answers (RFC 5737). */
const newAddresses = '198.51.0.0/16';

/** The duration of a task of a load balancer, in ms: the sandbox's default. */
export const rehearsalTaskMs = 1000;

/** A copy of the accounts of a snapshot behind a real API, and the adapters of one worker process to it. */
export type RehearsalAccount = {
  readonly plane: ControlPlane;
  readonly assumptions: Assumptions;
  /** Returns new adapters, as a worker process has them after its start: without queues and limits of an earlier one. */
  newAdapters(): (connectionId: string) => Cloud;
  stop(): Promise<void>;
};

const silent = pino({ level: 'silent' });

/**
 * Starts the API of a sandbox with a copy of the snapshot, on loopback and any free port, with keys of its own. Its time
 * is the virtual clock's, without that clock's jumps: those are of the worker's machine alone.
 * @param fateOf how long each request and response takes
 */
export async function startRehearsalAccount({
  estate,
  clock,
  random,
  fateOf,
}: {
  readonly estate: Estate;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly fateOf: (request: Parameters<NonNullable<CloudDeps['onWire']>>[0]) => WireFate;
}): Promise<RehearsalAccount> {
  const startMs = clock.now().getTime();
  const cloudNow = () => startMs + clock.elapsedMs();
  const copied = copyEstate(estate, startMs);
  const assumptions = new Assumptions();
  const ids = random.fork('request ids');
  const plane = await startControlPlane({
    port: 0,
    seed: 'small',
    world: copied.world,
    vipNetwork: newAddresses,
    taskMs: rehearsalTaskMs,
    stateFile: null,
    controlPort: null,
    log: silent,
    clock: new SwitchableClock({ now: cloudNow, after: (ms, work) => clock.after(ms, work) }),
    pacedBy: cloudNow,
    newRequestId: () => nextUuid(ids),
    assumptions,
  });
  const jitter = random.fork('adapter');
  const onWire = createWire(clock, fateOf);
  const deps: CloudDeps = {
    now: () => clock.now(),
    sleep: (ms) => new Promise((resolve) => void clock.after(ms, resolve)),
    random: jitter.next,
    log: silent,
    onWire,
  };
  const connections = copiedConnections(plane, copied, estate);
  return {
    plane,
    assumptions,
    newAdapters: () => createAdapters(connections, deps),
    stop: () => plane.stop(),
  };
}
