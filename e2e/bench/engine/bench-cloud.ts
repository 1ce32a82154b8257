import { invariant } from '@/lib/invariant';
import type { Announcement } from '@/lib/sandbox/sandbox';
import type { World } from '@/lib/sandbox/world/world';
import { start } from '../support/processes';

const vips = '127.171';
const uin = '100000000001';
export const connectionId = 'sandbox-small-standard';
export const benchRegion = 'ap-singapore';

/** A sandbox with spare load balancers. */
export type BenchCloud = {
  readonly announcement: Announcement;
  /**
   * Load balancers without rules, each with its own function, because a function can't be bound to more than ten rules.
   */
  readonly balancers: readonly Omit<Bound, 'domain'>[];
  /** Sets how long load balancer tasks take from now on, in ms. */
  setTaskTime(ms: number): Promise<void>;
  stop(): Promise<void>;
};

/** Adds copies of the second load balancer of the small sandbox data and of its function. */
function widen(world: World, count: number): BenchCloud['balancers'] {
  const account = world.accounts[uin];
  const balancer = account?.loadBalancers['lb-scf00001'];
  const fn = account?.functions[`${benchRegion}/default/hello`];
  invariant(account && balancer && fn, 'the small world has them');
  return Array.from({ length: count }, (_, index) => {
    const number = String(index).padStart(3, '0');
    const [id, listenerId, functionName] = [`lb-bench${number}`, `lbl-bench${number}`, `bench-${number}`];
    account.functions[`${benchRegion}/default/${functionName}`] = { ...fn, name: functionName };
    account.loadBalancers[id] = {
      ...balancer,
      id,
      name: id,
      vips: [`${vips}.20.${index + 1}`],
      listeners: balancer.listeners.map((listener) => ({ ...listener, id: listenerId, rules: [] })),
    };
    return { loadBalancerId: id, listenerId, functionName };
  });
}

/** @param count the number of load balancers to add */
export async function startBenchCloud(count: number): Promise<BenchCloud> {
  const flags = ['--control', '--seed', 'small', '--vip-network', `${vips}.0.0/16`, '--task-ms', '300'];
  const { announcement, stop } = await start<Announcement>(['.build/sandbox.mjs', ...flags]);
  const callControl = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${announcement.control?.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${announcement.control?.token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.json();
  };
  const world = (await callControl('GET', '/data')) as World;
  const balancers = widen(world, count);
  await callControl('PUT', '/data', world);
  return {
    announcement,
    balancers,
    stop,
    setTaskTime: async (ms) => void (await callControl('POST', '/task-time', { ms })),
  };
}

/** A domain to move to a function. */
export type Bound = {
  readonly domain: string;
  readonly loadBalancerId: string;
  readonly listenerId: string;
  readonly functionName: string;
};
