import type { World } from '@/lib/sandbox/world/world';

/**
 * Keeps every `by`th load balancer, server, function and zone of the sandbox data, and targets on the remaining
 * servers.
 */
export function shrinkEstate(world: World, by: number): World {
  const every = <T>(all: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter((_, at) => at % by === 0));
  const accounts = Object.entries(world.accounts).map(([uin, account]) => {
    const instances = every(account.instances);
    const ids = Object.keys(instances);
    let next = 0;
    const moved = <T extends { instanceId: string }>(target: T): T => {
      next += 1;
      return { ...target, instanceId: ids[next % ids.length] ?? '' };
    };
    const loadBalancers = Object.entries(every(account.loadBalancers)).map(([id, balancer]) => {
      const listeners = balancer.listeners.map((listener) => ({
        ...listener,
        rules: listener.rules.map((rule) => ({ ...rule, targets: rule.targets.map(moved) })),
      }));
      return [id, { ...balancer, listeners }] as const;
    });
    const rest = { functions: every(account.functions), zones: every(account.zones) };
    return [
      uin,
      { ...account, ...rest, instances, loadBalancers: Object.fromEntries(loadBalancers) },
    ] as const;
  });
  return { ...world, accounts: Object.fromEntries(accounts) };
}
