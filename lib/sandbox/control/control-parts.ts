import type { HandleDeps } from '../api/handle';
import { seedNamed, seedNames } from '../seeds/seeds';
import { parseWorld } from '../state/parse-world';
import { releaseTasks, settleFuture } from '../state/settle-future';
import type { World } from '../world/world';
import type { ControlParts } from './routes';

type Options = Pick<ControlParts, 'clock' | 'taskTime' | 'log' | 'facts' | 'injector'> & {
  /** The seed for a reset if the data names none. */
  readonly seed: string;
};

/** Connects the control API to the parts of the sandbox that it controls. */
export function createControlParts(deps: HandleDeps, options: Options): ControlParts {
  const { store, timeline, effects, faults, assumptions, vipNetwork } = deps;
  const { clock, taskTime, log, facts, injector } = options;
  const initial = { assumptions: assumptions.all(), taskMs: taskTime.get() };
  let { seed } = options;

  const replaceData = (world: World) => {
    store.replace(world);
    effects.clear();
    injector.dataReplaced();
    deps.limiter.reset();
    deps.telemetry.traffic.clear();
    deps.telemetry.invocations.clear();
    deps.telemetry.lostBefore = null;
    timeline.arm();
  };
  return {
    clock,
    effects,
    faults,
    injector,
    assumptions,
    taskTime,
    log,
    facts,
    world: () => store.world,
    authority: () => store.secrets.authority,
    clockSetBack: () => {
      settleFuture(store.world, clock.now());
      store.changed();
      timeline.arm();
    },
    loadSeed: (name) => {
      // Stored or imported sandbox data is reset to its own seed.
      const own = store.world.seed;
      seed = name ?? (seedNames.includes(own) ? own : seed);
      taskTime.set(initial.taskMs);
      assumptions.restore(initial.assumptions);
      replaceData(seedNamed(seed)(vipNetwork, clock.now()));
    },
    importData: (value) => {
      const parsed = parseWorld(value);
      if (!parsed.ok) return parsed.error;
      const problem = networkProblem(parsed.value, vipNetwork);
      if (problem !== null) return problem;
      releaseTasks(parsed.value, clock.now());
      replaceData(parsed.value);
      return null;
    },
  };
}

/** Returns a problem if stored sandbox data has addresses in another network, where none of them would respond. */
export function networkProblem(world: World, vipNetwork: string): string | null {
  const prefix = vipNetwork.replace('0.0/16', '');
  const vip = Object.values(world.accounts)
    .flatMap((account) => Object.values(account.loadBalancers))
    .flatMap((loadBalancer) => loadBalancer.vips)
    .find((each) => !each.startsWith(prefix));
  if (vip === undefined) return null;
  return `The data has load balancers outside ${vipNetwork}, such as ${vip}. Set the VIP network to theirs`;
}
