import type { Logger } from 'pino';
import type { HandleDeps } from './api/handle';
import { RateLimiter } from './api/rate-limit';
import { type OpenServer, startApiServer } from './api/server';
import { Assumptions } from './assumptions';
import { type SandboxClock, systemClock } from './clock';
import { type ControlDoor, startControlDoor } from './control/control-door';
import { EffectLog } from './control/effect-log';
import { Faults } from './control/faults';
import { createInvoker, type Invoker } from './functions/invoker';
import type { FunctionRuntime } from './functions/runtime';
import { seedNamed } from './seeds/seeds';
import { keepStateFile, readStateFile } from './state/state-file';
import { WorldStore } from './state/world-store';
import { Timeline } from './tasks/timeline';
import { createTelemetry, type Telemetry } from './telemetry/telemetry';
import type { World } from './world/world';

export type ControlPlaneOptions = {
  /** 0 = any free port; so too below. */
  readonly port: number;
  readonly seed: string;
  readonly vipNetwork: string;
  /** How long a task takes, in ms. */
  readonly taskMs: number;
  /** null = the world is forgotten at the end. */
  readonly stateFile: string | null;
  /** null = no control door. */
  readonly controlPort: number | null;
  readonly log: Logger;
  readonly clock?: SandboxClock;
  /** Real time in epoch milliseconds, the machine's unless told otherwise. */
  readonly wallNow?: () => number;
  readonly assumptions?: Assumptions;
  readonly telemetry?: Telemetry;
  /** Runs the functions; without it the API can't invoke any. */
  readonly runtime?: FunctionRuntime;
};

export type ControlPlane = {
  /** `http://127.0.0.1:PORT` */
  readonly api: string;
  readonly control: { readonly url: string; readonly token: string } | null;
  readonly store: WorldStore;
  /** null without a runtime. */
  readonly invoker: Invoker | null;
  stop(): Promise<void>;
};

/**
 * Starts the emulated cloud's API: the world, its tasks, the endpoint, and the control door if wanted.
 * @throws Error when the seed is unknown, the state file can't be used, or a port is taken
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { log, seed, vipNetwork, stateFile } = options;
  const clock = options.clock ?? systemClock;
  const sow = () => seedNamed(seed)(vipNetwork, clock.now());
  const kept = stateFile === null ? null : readStateFile(stateFile);
  if (kept) checkNetwork(kept, vipNetwork);
  const store = new WorldStore(kept ?? sow());
  const effects = new EffectLog();
  const timeline = new Timeline(store, clock, effects);
  const telemetry = options.telemetry ?? createTelemetry();
  const { runtime } = options;
  const invoker = runtime === undefined ? null : createInvoker({ runtime, telemetry, clock });
  let taskMs = options.taskMs;
  const deps: HandleDeps = {
    store,
    clock,
    wallNow: options.wallNow ?? Date.now,
    timeline,
    effects,
    limiter: new RateLimiter(),
    faults: new Faults(),
    assumptions: options.assumptions ?? new Assumptions(),
    telemetry,
    invoker,
    vipNetwork,
    taskMs: () => taskMs,
    log,
  };
  const keeper =
    stateFile === null
      ? null
      : keepStateFile(stateFile, store, clock, (error) => log.error({ err: error }, 'world not written'));

  const api: OpenServer = await startApiServer(options.port, deps);
  const setTaskMs = (ms: number) => {
    taskMs = ms;
  };
  const reset = () => {
    store.replace(sow());
    effects.clear();
    deps.faults.clear();
    deps.limiter.reset();
    taskMs = options.taskMs;
    timeline.arm();
  };
  let control: ControlDoor | null = null;
  if (options.controlPort !== null) {
    const door = { world: () => store.world, effects, faults: deps.faults, setTaskMs, reset, log };
    control = await startControlDoor(options.controlPort, door);
  }
  timeline.arm();

  return {
    api: `http://127.0.0.1:${api.port}`,
    control: control && { url: control.url, token: control.token },
    store,
    invoker,
    stop: async () => {
      await Promise.all([api.stop(), control?.stop()]);
      timeline.stop();
      await keeper?.stop();
    },
  };
}

/** A kept world has its addresses already: in another network none of them would answer. */
function checkNetwork(world: World, vipNetwork: string): void {
  const prefix = vipNetwork.replace('0.0/16', '');
  const vip = Object.values(world.accounts)
    .flatMap((account) => Object.values(account.loadBalancers))
    .flatMap((loadBalancer) => loadBalancer.vips)
    .find((each) => !each.startsWith(prefix));
  if (vip === undefined) return;
  throw new Error(
    `The kept world has load balancers outside ${vipNetwork}, such as ${vip}. Give its own VIP network, or move its state file away to begin anew.`,
  );
}
