import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { HandleDeps } from './api/handle';
import { CallRateLimiter } from './api/rate-limit';
import { type OpenServer, startApiServer, startTlsApiServer } from './api/server';
import { type ControlApi, startControlApi } from './control/control-api';
import { FaultDesk } from './control/fault-desk';
import { faultyRuntime } from './control/faulty-runtime';
import { busyUntil, makeInsideCall } from './control/inside-call';
import { RecentLog } from './control/recent-log';
import type { ControlParts } from './control/routes';
import { createInvoker } from './functions/invoker';
import { keepProvisioned } from './functions/keep-provisioned';
import type { FunctionRuntime } from './functions/runtime';
import { seedNamed, seedNames } from './seeds/seeds';
import { parseWorld } from './state/parse-world';
import { releaseTasks } from './state/release-tasks';
import { settleFuture } from './state/settle-future';
import { keepStateFile, readStateFile } from './state/state-file';
import { ForeignEdits } from './tasks/foreign-edits';
import { functionEndings } from './tasks/function-endings';
import { taskEndings } from './tasks/task-endings';
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
  readonly seed: string;
  readonly vipNetwork: string;
  /** The duration of a task, in ms. */
  readonly taskMs: number;
  /** null = sandbox data and keys are not kept. The keys are stored beside it, in `secretsFile(stateFile)`. */
  readonly stateFile: string | null;
  /** Gives accounts publicly known keys. */
  readonly fixedKeys?: boolean;
  /** null = no control API. */
  readonly controlPort: number | null;
  readonly log: Logger;
  readonly clock?: SwitchableClock;
  /** Real time in epoch milliseconds; by default the machine's. */
  readonly wallNow?: () => number;
  readonly assumptions?: Assumptions;
  readonly telemetry?: Telemetry;
  /** The last lines of `log`, if they are kept. */
  readonly recentLog?: RecentLog;
  /** Runs the functions; without it the API can't invoke any. */
  readonly runtime?: FunctionRuntime;
};

export type ControlPlane = {
  /** `http://127.0.0.1:PORT` */
  readonly api: string;
  readonly control: { readonly url: string; readonly token: string } | null;
  readonly store: WorldStore;
  readonly clock: SwitchableClock;
  readonly faults: Faults;
  /** null without a runtime. */
  readonly invoker: Invoker | null;
  /** Sets the facts that the control API reports about the parts beside this one. */
  describe(facts: ControlParts['facts']): void;
  /** Opens the API again, over TLS with this pair (PEM). 0 = any free port. @returns `https://127.0.0.1:PORT` */
  openTls(port: number, pair: { certificate: string; key: string }): Promise<string>;
  stop(): Promise<void>;
};

/**
 * Starts the emulated cloud's API: the sandbox data, its tasks, the endpoint, and the control API if requested.
 * @throws Error when the seed is unknown, the state file can't be used, or a port is taken
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { log, vipNetwork, stateFile, runtime } = options;
  const clock = options.clock ?? new SwitchableClock();
  const kept = stateFile === null ? null : readStateFile(stateFile);
  const problem = kept && networkProblem(kept, vipNetwork);
  if (problem !== null) throw new Error(`${problem} Or move its state file away to begin anew.`);
  if (kept) {
    settleFuture(kept, clock.now());
    releaseTasks(kept, clock.now());
  }
  const secrets = new SecretStore({
    file: stateFile === null ? null : secretsFile(stateFile),
    isFixed: options.fixedKeys ?? false,
    log,
  });
  const store = new WorldStore(kept ?? seedNamed(options.seed)(vipNetwork, clock.now()), secrets);
  const effects = new EffectLog();
  const faults = new Faults(log);
  const telemetry = options.telemetry ?? createTelemetry();
  const assumptions = options.assumptions ?? new Assumptions();
  const invoker =
    runtime === undefined
      ? null
      : createInvoker({ runtime: faultyRuntime(runtime, faults), telemetry, clock, assumptions });
  let taskMs = options.taskMs;
  const foreignEdits: ForeignEdits = new ForeignEdits({
    clock,
    faults,
    make: (order, requestId) =>
      makeInsideCall(order, requestId, deps).catch((error: unknown) => {
        log.error({ err: error, requestId }, 'broken');
        return 'InternalError';
      }),
    busyUntil: (order) => busyUntil(order, store, clock.now()),
    newRequestId: randomUUID,
    arm: () => timeline.arm(),
  });
  const endings = [taskEndings(store, effects, log), functionEndings(store), foreignEdits];
  if (invoker !== null) {
    const call = (made: InvocationCall) => {
      const { requestId } = made;
      invoker
        .invoke(made)
        .catch((error: unknown) => log.error({ err: error, requestId }, 'timer call failed'));
    };
    endings.push(timerTriggers({ store, clock, call, newRequestId: randomUUID }));
  }
  const timeline = new Timeline(clock, endings, () => store.changed());
  const deps: HandleDeps = {
    store,
    clock,
    timeline,
    effects,
    faults,
    foreignEdits,
    assumptions,
    telemetry,
    invoker,
    vipNetwork,
    log,
    wallNow: options.wallNow ?? Date.now,
    limiter: new CallRateLimiter(),
    taskMs: () => taskMs,
  };
  const keeper =
    stateFile === null
      ? null
      : keepStateFile(stateFile, store, (error) => log.error({ err: error }, 'world not written'));

  const api: OpenServer = await startApiServer(options.port, deps);
  let tlsApi: OpenServer | null = null;
  let facts: ControlParts['facts'] = () => ({ addresses: [], runtimes: null });
  let control: ControlApi | null = null;
  if (options.controlPort !== null) {
    const desk = new FaultDesk({ faults, foreignEdits, store, clock, timeline });
    const atStart = assumptions.all();
    let { seed } = options;
    const put = (world: World) => {
      store.replace(world);
      effects.clear();
      desk.worldReplaced();
      deps.limiter.reset();
      telemetry.traffic.clear();
      telemetry.invocations.clear();
      timeline.arm();
    };
    const parts: ControlParts = {
      clock,
      effects,
      faults,
      desk,
      assumptions,
      world: () => store.world,
      authority: () => secrets.authority,
      clockSetBack: () => {
        settleFuture(store.world, clock.now());
        store.changed();
        timeline.arm();
      },
      log: options.recentLog ?? new RecentLog(),
      taskMs: {
        get: () => taskMs,
        set: (ms) => {
          taskMs = ms;
        },
      },
      sow: (name) => {
        // Kept or imported sandbox data is reset to its own seed.
        const own = store.world.seed;
        seed = name ?? (seedNames.includes(own) ? own : seed);
        taskMs = options.taskMs;
        assumptions.restore(atStart);
        put(seedNamed(seed)(vipNetwork, clock.now()));
      },
      importWorld: (value) => {
        const parsed = parseWorld(value);
        if (!parsed.ok) return parsed.error;
        const wrong = networkProblem(parsed.value, vipNetwork);
        if (wrong !== null) return wrong;
        releaseTasks(parsed.value, clock.now());
        put(parsed.value);
        return null;
      },
      facts: () => facts(),
    };
    control = await startControlApi(options.controlPort, parts, log);
  }
  timeline.arm();
  const letProvisionedGo =
    runtime === undefined ? () => {} : keepProvisioned({ store, runtime, clock, telemetry, log });

  return {
    api: `http://127.0.0.1:${api.port}`,
    control: control && { url: control.url, token: control.token },
    store,
    clock,
    faults,
    invoker,
    describe: (given) => {
      facts = given;
    },
    openTls: async (port, pair) => {
      tlsApi = await startTlsApiServer(port, pair, deps);
      return `https://127.0.0.1:${tlsApi.port}`;
    },
    stop: async () => {
      letProvisionedGo();
      await Promise.all([api.stop(), tlsApi?.stop(), control?.stop()]);
      timeline.stop();
      await keeper?.stop();
    },
  };
}

/** Returns a problem if kept sandbox data has addresses in another network, where none of them would respond. */
function networkProblem(world: World, vipNetwork: string): string | null {
  const prefix = vipNetwork.replace('0.0/16', '');
  const vip = Object.values(world.accounts)
    .flatMap((account) => Object.values(account.loadBalancers))
    .flatMap((loadBalancer) => loadBalancer.vips)
    .find((each) => !each.startsWith(prefix));
  if (vip === undefined) return null;
  return `The world has load balancers outside ${vipNetwork}, such as ${vip}. Give its own VIP network.`;
}
