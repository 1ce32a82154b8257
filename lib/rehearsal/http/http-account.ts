import { pino } from 'pino';
import type { CloudConnection } from '@/lib/cloud/connection';
import type { CloudDeps, OnWire } from '@/lib/cloud/deps';
import type { Cloud } from '@/lib/cloud/port';
import type { Estate } from '@/lib/estate/model';
import { copiedConnections, createAdapters } from '@/lib/rehearsal/account/create-adapters';
import { newAddresses, rehearsalTaskMs } from '@/lib/rehearsal/account/rehearsal-account';
import { copyEstate } from '@/lib/rehearsal/copy/copy-estate';
import { type Sandbox, startSandbox } from '@/lib/sandbox/sandbox';
import { Assumptions } from '@/lib/sandbox/world/assumptions';
import { SwitchableClock } from '@/lib/sandbox/world/clock';
import type { EchoRuntime } from './echo-runtime';
import type { FastClock } from './fast-clock';

/** All VIPs of a snapshot are served, each listener at a port of its own on 127.0.0.1. */
const everyAddress = '0.0.0.0/0';

const silent = pino({ level: 'silent' });

/** A copy of the accounts of a snapshot as a whole sandbox on loopback: API, load balancers, servers and DNS. */
export type HttpAccount = {
  readonly sandbox: Sandbox;
  readonly assumptions: Assumptions;
  /** The accounts, as probes connect to them. */
  readonly connections: readonly CloudConnection[];
  newAdapters(): (connectionId: string) => Cloud;
};

/**
 * Starts a private sandbox with a copy of the snapshot: any free ports of 127.0.0.1, keys of its own, and nothing on
 * disk. It ends with this process.
 * @param clock of the worker and, without its jumps, of the cloud
 */
export async function startHttpAccount({
  estate,
  clock,
  runtime,
  onWire,
}: {
  readonly estate: Estate;
  readonly clock: FastClock;
  readonly runtime: EchoRuntime;
  readonly onWire: OnWire;
}): Promise<HttpAccount> {
  const startMs = clock.now().getTime();
  const cloudNow = () => startMs + clock.elapsedMs();
  const copied = copyEstate(estate, startMs);
  const assumptions = new Assumptions();
  const sandbox = await startSandbox({
    port: 0,
    dnsPort: 0,
    controlPort: 0,
    seed: 'small',
    world: copied.world,
    vipNetwork: newAddresses,
    servedNetwork: everyAddress,
    addressMode: 'shared',
    taskMs: rehearsalTaskMs,
    stateFile: null,
    log: silent,
    clock: new SwitchableClock({ now: cloudNow, after: (ms, work) => clock.after(ms, work) }),
    pacedBy: cloudNow,
    assumptions,
    runtime,
  });
  const { announcement, plane } = sandbox;
  const connections = copiedConnections(plane, copied, estate, {
    dns: announcement.dns,
    vipNetwork: everyAddress,
    addresses: announcement.control,
    authority: announcement.authority,
  });
  const deps: CloudDeps = {
    now: () => clock.now(),
    sleep: (ms) => new Promise((resolve) => void clock.after(ms, resolve)),
    log: silent,
    onWire,
  };
  return { sandbox, assumptions, connections, newAdapters: () => createAdapters(connections, deps) };
}
