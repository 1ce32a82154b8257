import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { HandleDeps } from './api/handle';
import { CallRateLimiter } from './api/rate-limit';
import { type OpenServer, startApiServer } from './api/server';
import { type ControlApi, startControlApi } from './control/control-api';
import { createControlParts, networkProblem } from './control/control-parts';
import { FaultInjector, faultyRuntime } from './control/fault-injector';
import { auditOwner, busyUntil, makeForeignCall } from './control/foreign-call';
import { RecentLog } from './control/recent-log';
import type { ControlParts } from './control/routes';
import { createInvoker } from './functions/invoker';
import { keepProvisioned } from './functions/keep-provisioned';
import type { FunctionRuntime } from './functions/runtime';
import { seedNamed } from './seeds/seeds';
import { releaseTasks, settleFuture } from './state/settle-future';
import { keepStateFile, readStateFile } from './state/state-file';
import { ForeignEdits } from './tasks/foreign-edits';
import { Owners } from './tasks/owners';
import { functionEvents, taskEvents } from './tasks/task-events';
import { Timeline } from './tasks/timeline';
import { timerTriggers } from './tasks/timer-triggers';
import { createTelemetry, type Telemetry } from './telemetry/telemetry';
import { Assumptions } from './world/assumptions';
import { SwitchableClock } from './world/clock';
import { EffectLog } from './world/effect-log';
import { Faults } from './world/faults';
import type { InvocationCall, Invoker } from './world/invoker';
import { SecretStore, secretsFile } from './world/secret-store';
import type { World } from './world/world';
import { WorldStore } from './world/world-store';

export type ControlPlaneOptions = {
  /** 0 = any free port; this also applies below. */
  readonly port: number;
  /** Host names that the API answers to besides those of this machine, such as `*.tencentcloudapi.com`. */
  readonly acceptHosts?: readonly string[];
  readonly seed: string;
  /** The sandbox data to start with, instead of the seed's. */
  readonly world?: World;
  readonly vipNetwork: string;
  /** The duration of a task, in ms. */
  readonly taskMs: number;
  /** null = sandbox data and keys are not stored. The keys are stored beside it, in `secretsFile(stateFile)`. */
  readonly stateFile: string | null;
  /** Gives accounts publicly known keys. */
  readonly fixedKeys?: boolean;
  /** null = no control API. */
  readonly controlPort: number | null;
  readonly log: Logger;
  readonly clock?: SwitchableClock;
  /** Real time in epoch milliseconds; by default the machine's. */
  readonly wallNow?: () => number;
  /** The second clock of the rate limits; by default `wallNow`. See `CallRateLimiter`. */
  readonly pacedBy?: () => number;
  /** Random UUIDs by default. */
  readonly newRequestId?: () => string;
  readonly assumptions?: Assumptions;
  readonly telemetry?: Telemetry;
  /** The last lines of `log`, if available. */
  readonly recentLog?: RecentLog;
  /** Runs the functions; without it the API can't invoke any. `startSandbox` creates one by default. */
  readonly runtime?: FunctionRuntime;
};

export type ControlPlane = {
  /** `http://127.0.0.1:PORT` */
  readonly api: string;
  readonly control: { readonly url: string; readonly token: string } | null;
  readonly store: WorldStore;
  readonly clock: SwitchableClock;
  readonly faults: Faults;
  readonly injector: FaultInjector;
  /** Sets the duration of tasks from now on, in ms. */
  setTaskMs(ms: number): void;
  /** null without a runtime. */
  readonly invoker: Invoker | null;
  /**
   * Sets the facts that the control API reports about other parts.
   * @param served resolves when the load balancers serve what the sandbox data says
   */
  describe(facts: ControlParts['facts'], served?: HandleDeps['served']): void;
  /**
   * Opens the API a second time, over TLS with this pair (PEM). 0 = any free port.
   * @returns `https://127.0.0.1:PORT`
   */
  openTls(port: number, pair: { certificate: string; key: string }): Promise<string>;
  stop(): Promise<void>;
};

/**
 * Starts the emulated cloud's API: the sandbox data, its tasks, the endpoint, and the control API if requested.
 * @throws Error when the seed is unknown, the state file can't be used, or a port is taken
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { log, stateFile, runtime, controlPort, seed } = options;
  const clock = options.clock ?? new SwitchableClock();
  const { store, isStored } = openStore(options, clock);
  const taskTime = createTaskTime(options.taskMs);
  let servedBy: HandleDeps['served'] = async () => {};
  const served = () => servedBy();
  const deps = createHandleDeps(options, { store, clock, taskMs: taskTime.get, served });
  // Requests are counted in memory.
  if (isStored) deps.telemetry.lostBefore = clock.now();
  const keeper =
    stateFile === null
      ? null
      : keepStateFile(stateFile, store, (error) => log.error({ err: error }, 'sandbox data not written'));
  const api = await startApiServer(options.port, deps, options.acceptHosts);
  let tlsApi: OpenServer | null = null;
  let facts: ControlParts['facts'] = () => ({ addresses: [], runtimes: null });
  let control: ControlApi | null = null;
  const injector = new FaultInjector({ ...deps, clock });
  if (controlPort !== null) {
    const { recentLog = new RecentLog() } = options;
    const controlled = { seed, clock, taskTime, log: recentLog, facts: () => facts(), injector };
    const parts = createControlParts(deps, controlled);
    control = await startControlApi(controlPort, parts, log);
  }
  deps.timeline.arm();
  const stopProvisioned =
    runtime === undefined
      ? () => {}
      : keepProvisioned({ store, runtime, clock, telemetry: deps.telemetry, log });

  return {
    api: `http://127.0.0.1:${api.port}`,
    control: control && { url: control.url, token: control.token },
    store,
    clock,
    faults: deps.faults,
    injector,
    setTaskMs: taskTime.set,
    invoker: deps.invoker,
    describe: (given, served = servedBy) => {
      facts = given;
      servedBy = served;
    },
    openTls: async (port, pair) => {
      tlsApi = await startApiServer(port, deps, options.acceptHosts, pair);
      return `https://127.0.0.1:${tlsApi.port}`;
    },
    stop: async () => {
      stopProvisioned();
      await Promise.all([api.stop(), tlsApi?.stop(), control?.stop()]);
      deps.timeline.stop();
      await keeper?.stop();
    },
  };
}

/** Reads the stored sandbox data, or loads the seed. */
function openStore(
  options: ControlPlaneOptions,
  clock: SwitchableClock,
): { readonly store: WorldStore; readonly isStored: boolean } {
  const { seed, vipNetwork, stateFile, fixedKeys = false, log } = options;
  const kept = stateFile === null ? null : readStateFile(stateFile);
  if (kept !== null) {
    const problem = networkProblem(kept, vipNetwork);
    if (problem !== null) throw new Error(`${problem}, or move the state file away to start from the seed.`);
    settleFuture(kept, clock.now());
    releaseTasks(kept, clock.now());
  }
  const file = stateFile === null ? null : secretsFile(stateFile);
  const secrets = new SecretStore({ file, isFixed: fixedKeys, log });
  const world = kept ?? options.world ?? seedNamed(seed)(vipNetwork, clock.now());
  return { store: new WorldStore(world, secrets), isStored: kept !== null };
}

function createTaskTime(initialMs: number): ControlParts['taskTime'] {
  let taskMs = initialMs;
  return {
    get: () => taskMs,
    set: (ms) => {
      taskMs = ms;
    },
  };
}

/** Creates the parts of the API. They refer to each other, because another actor's call uses the API, too. */
function createHandleDeps(
  options: ControlPlaneOptions,
  { clock, ...given }: Pick<HandleDeps, 'store' | 'taskMs' | 'served'> & { readonly clock: SwitchableClock },
): HandleDeps {
  const { store } = given;
  const { log, vipNetwork, runtime, wallNow = Date.now, newRequestId = randomUUID } = options;
  const { assumptions = new Assumptions(), telemetry = createTelemetry() } = options;
  const effects = new EffectLog();
  const faults = new Faults(log);
  const invoker =
    runtime === undefined
      ? null
      : createInvoker({ runtime: faultyRuntime(runtime, faults), telemetry, clock, assumptions });
  const foreignEdits: ForeignEdits = new ForeignEdits({
    clock,
    faults,
    make: (fault, requestId) =>
      makeForeignCall(fault, requestId, deps).catch((error: unknown) => {
        log.error({ err: error, requestId }, 'broken');
        return 'InternalError';
      }),
    busyUntil: (fault) => busyUntil(fault, store, clock.now()),
    newRequestId,
    arm: () => timeline.arm(),
  });
  const owners: Owners = new Owners({
    clock,
    faults,
    store,
    newRequestId,
    audit: (account, owner, object, requestId) => auditOwner(account, owner, object, requestId, clock.now()),
    arm: () => timeline.arm(),
  });
  const sources = [taskEvents(store, effects, log), functionEvents(store), foreignEdits, owners];
  if (invoker !== null) {
    const call = (made: InvocationCall) => {
      const { requestId } = made;
      invoker
        .invoke(made)
        .catch((error: unknown) => log.error({ err: error, requestId }, 'timer call failed'));
    };
    sources.push(timerTriggers({ store, clock, call, newRequestId }));
  }
  const timeline = new Timeline(clock, sources, () => store.changed());
  const deps: HandleDeps = {
    ...given,
    clock,
    timeline,
    effects,
    faults,
    foreignEdits,
    owners,
    assumptions,
    telemetry,
    invoker,
    vipNetwork,
    log,
    wallNow,
    pacedBy: options.pacedBy ?? wallNow,
    newRequestId,
    limiter: new CallRateLimiter(),
  };
  return deps;
}
