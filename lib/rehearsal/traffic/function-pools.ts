import type { CapacityScenario, ScenarioFunction, ScenarioRegion } from '@/lib/capacity/scenario/scenario';
import { FunctionSide, type FunctionStep } from '@/lib/capacity/sides/function-side';
import { invariant } from '@/lib/invariant';
import { quotaMb } from '@/lib/sandbox/model/scf/concurrency';
import { provisionedAt } from '@/lib/sandbox/model/scf/provisioned';
import type { WorldFunction } from '@/lib/sandbox/world/scf';
import type { AccountWorld, World } from '@/lib/sandbox/world/world';

/** Returns the provisioned instances of a function that are warm and wanted, over its versions. */
export function countProvisioned(
  fn: WorldFunction | undefined,
  nowMs: number,
): { readonly warm: number; readonly target: number } {
  let [warm, target] = [0, 0];
  for (const setting of fn?.provisioned ?? []) {
    const state = provisionedAt(setting, nowMs, () => 0);
    warm += state.warm;
    target += state.target;
  }
  return { warm, target };
}

/** A function with its account. */
type Owned = { readonly account: AccountWorld; readonly fn: WorldFunction };

/** The step of one function of the sandbox data. */
export type FunctionOutcome = {
  readonly key: string;
  readonly memoryMb: number;
  readonly step: FunctionStep;
};

/**
 * The functions of the sandbox data as the capacity model has them. Their memory, timeouts, reservations and quotas are
 * those of the data; their durations are the scenario's. The number of warm instances is what the sandbox has at each
 * moment, from the settings that the run makes.
 */
export class FunctionPools {
  readonly #world: () => World;
  readonly #side: FunctionSide;
  readonly #keys: readonly string[];
  readonly #functions: readonly ScenarioFunction[];
  /** The time of the next step, for the number of warm instances. */
  #nowMs: number;

  /** @param keys of the functions that requests may go to */
  constructor(scenario: CapacityScenario, world: () => World, keys: readonly string[], startMs: number) {
    this.#world = world;
    this.#nowMs = startMs;
    const found = keys.flatMap((key) => {
      const owned = findWorldFunction(world(), key);
      return owned === null ? [] : [{ key, ...owned }];
    });
    this.#keys = found.map(({ key }) => key);
    this.#functions = found.map(({ fn }) => toScenarioFunction(fn, scenario));
    const regions = new Map(found.map(({ fn, account }) => [fn.region, account]));
    this.#side = new FunctionSide(
      this.#functions,
      [...regions].map(([region, account]) => toRegion(region, account, scenario)),
      scenario.assumptions,
      0,
      (index) => () => countProvisioned(this.#at(index), this.#nowMs).warm,
    );
  }

  /** The functions, in the order of `step`'s results. */
  get functions(): readonly ScenarioFunction[] {
    return this.#functions;
  }

  #at(index: number): WorldFunction | undefined {
    return findWorldFunction(this.#world(), this.#keys[index] ?? '')?.fn;
  }

  /**
   * @param rps by function key
   * @param nowMs the middle of the step, in epoch ms
   */
  step(
    rps: ReadonlyMap<string, number>,
    jumps: ReadonlyMap<string, number>,
    dtS: number,
    nowMs: number,
  ): ReadonlyMap<string, FunctionOutcome> {
    this.#nowMs = nowMs;
    const of = (amounts: ReadonlyMap<string, number>) => this.#keys.map((key) => amounts.get(key) ?? 0);
    const steps = this.#side.step(of(rps), dtS, of(jumps));
    return new Map(
      steps.map((step, index) => {
        const key = this.#keys[index] ?? '';
        return [key, { key, memoryMb: this.#functions[index]?.memoryMb ?? 0, step }];
      }),
    );
  }
}

/** Finds a function in any account of the sandbox data. */
function findWorldFunction(world: World, key: string): Owned | null {
  for (const account of Object.values(world.accounts)) {
    const fn = account.functions[key];
    if (fn !== undefined) return { account, fn };
  }
  return null;
}

/** Finds the function of a scenario that stands for one of the sandbox data: scenarios of plans name it with its namespace. */
export function findScenarioFunction(
  functions: readonly ScenarioFunction[],
  { region, namespace, name }: Pick<WorldFunction, 'region' | 'namespace' | 'name'>,
): ScenarioFunction | undefined {
  const own = functions.filter((fn) => fn.region === region);
  return own.find((fn) => fn.name === `${namespace}/${name}`) ?? own.find((fn) => fn.name === name);
}

function toScenarioFunction(fn: WorldFunction, { functions }: CapacityScenario): ScenarioFunction {
  const like = findScenarioFunction(functions, fn) ?? functions[0];
  invariant(like !== undefined, 'a scenario has a function');
  return {
    // Functions of two namespaces may have one name.
    name: `${fn.namespace}/${fn.name}`,
    region: fn.region,
    weight: 1,
    memoryMb: fn.memoryMb,
    duration: like.duration,
    timeoutS: fn.timeoutS,
    // It is not read from the cloud.
    initTimeoutS: like.initTimeoutS,
    reservedMb: fn.reservedMb,
    provisioned: [],
    errorShare: like.errorShare,
  };
}

function toRegion(region: string, account: AccountWorld, { regions }: CapacityScenario): ScenarioRegion {
  const given = regions.find((each) => each.region === region);
  const limits = given ?? regions[0];
  invariant(limits !== undefined, 'a scenario has a region');
  return {
    region,
    quotaMb: quotaMb(account, region),
    otherMb: given?.otherMb ?? 0,
    burstPerMinute: limits.burstPerMinute,
    provisionedPerMinute: limits.provisionedPerMinute,
  };
}
