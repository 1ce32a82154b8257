import type { AccountWorld } from '@/lib/sandbox/world/world';

/** Returns the id (`pz-…`) of the custom configuration that a load balancer as a whole is bound to, '' = none. */
export function getCustomConfig(
  account: Pick<AccountWorld, 'customConfigs'>,
  loadBalancerId: string,
): string {
  const bound = Object.values(account.customConfigs).find(
    ({ kind, bindings }) => kind === 'CLB' && bindings.some((each) => each.loadBalancerId === loadBalancerId),
  );
  return bound?.id ?? '';
}
