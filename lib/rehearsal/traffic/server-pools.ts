import type { CapacityAssumptions } from '@/lib/capacity/scenario/assumptions';
import type { ScenarioCvm } from '@/lib/capacity/scenario/scenario';
import { CvmPool, type CvmStep } from '@/lib/capacity/sides/cvm-pool';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import type { Destination } from './served-routes';

type Servers = Extract<Destination, { kind: 'servers' }>;

/** Returns whether a server responds. */
function responds({ instances }: AccountWorld, id: string, nowMs: number): boolean {
  const found = instances[id];
  if (found === undefined || found.state === 'STOPPED') return false;
  return found.downSince === null || found.downSince > nowMs;
}

/** The requests to the servers of a rule in a step, and what became of them. */
export type ServerFlow = { readonly to: Servers; readonly rps: number };
export type ServerOutcome = {
  /** The share that a server got that does not respond. */
  readonly down: number;
  /** The share that the pool has got, and its step. */
  readonly step: CvmStep | null;
};

type Pool = { readonly servers: number; readonly model: CvmPool };

/**
 * The servers of all rules, as queues of the capacity model: rules that share servers share a queue. The number of
 * servers is that of the sandbox data: those that get requests and respond.
 */
export class ServerPools {
  readonly #cvm: ScenarioCvm;
  readonly #assumptions: CapacityAssumptions;
  readonly #pools = new Map<string, Pool>();

  /** @param cvm one server's capacity; its number of servers is not used */
  constructor(cvm: ScenarioCvm, assumptions: CapacityAssumptions) {
    this.#cvm = cvm;
    this.#assumptions = assumptions;
  }

  step(flows: readonly ServerFlow[], dtS: number, nowMs: number): readonly ServerOutcome[] {
    const joined = joinPools(flows);
    const outcomes = flows.map((): ServerOutcome => ({ down: 1, step: null }));
    for (const [key, { ids, members }] of joined) {
      const up = new Set<string>();
      let rps = 0;
      const downs = members.map((index) => {
        const flow = flows[index];
        if (flow === undefined) return 0;
        let down = 0;
        for (const { instanceId, share } of flow.to.targets) {
          if (responds(flow.to.account, instanceId, nowMs)) up.add(instanceId);
          else down += share;
        }
        rps += flow.rps * (1 - down);
        return down;
      });
      const step = this.#poolWith(key, Math.min(ids.size, up.size)).step(rps, dtS);
      for (const [nth, index] of members.entries()) outcomes[index] = { down: downs[nth] ?? 0, step };
    }
    return outcomes;
  }

  #poolWith(key: string, servers: number): CvmPool {
    const known = this.#pools.get(key);
    if (known !== undefined && known.servers === servers) return known.model;
    const cvm = { ...this.#cvm, servers };
    const model = new CvmPool(cvm, this.#assumptions, known?.model.queued ?? 0);
    this.#pools.set(key, { servers, model });
    return model;
  }
}

type JoinedPool = { readonly ids: Set<string>; readonly members: number[] };

/** Joins flows that share a server; the key of a pool is its first server, by id. */
function joinPools(flows: readonly ServerFlow[]): ReadonlyMap<string, JoinedPool> {
  let pools: JoinedPool[] = [];
  for (const [index, { to }] of flows.entries()) {
    const joined: JoinedPool = {
      ids: new Set(to.targets.map(({ instanceId }) => instanceId)),
      members: [index],
    };
    const rest: JoinedPool[] = [];
    for (const pool of pools) {
      if (![...pool.ids].some((id) => joined.ids.has(id))) {
        rest.push(pool);
        continue;
      }
      for (const id of pool.ids) joined.ids.add(id);
      joined.members.push(...pool.members);
    }
    pools = [...rest, joined];
  }
  const keyed = pools.map((pool) => [[...pool.ids].toSorted()[0] ?? '', pool] as const);
  return new Map(keyed.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
