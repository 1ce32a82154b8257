import type { WorldListener, WorldLoadBalancer, WorldRule } from '@/lib/sandbox/world/clb';
import type { AccountWorld } from '@/lib/sandbox/world/world';

/** A rule or listener that forwards to a target group. */
export type GroupAssociation = {
  readonly loadBalancer: WorldLoadBalancer;
  readonly listener: WorldListener;
  /** null = the layer-4 listener itself. */
  readonly rule: WorldRule | null;
  /** The group's weight among the groups of the rule or listener. */
  readonly weight: number;
};

/** Returns the rules and layer-4 listeners that a target group is associated with. */
export function rulesOfGroup(
  account: Pick<AccountWorld, 'loadBalancers'>,
  groupId: string,
): GroupAssociation[] {
  return Object.values(account.loadBalancers).flatMap((loadBalancer) =>
    loadBalancer.listeners.flatMap((listener) =>
      [null, ...listener.rules].flatMap((rule) => {
        const use = (rule ?? listener).targetGroups.find((each) => each.groupId === groupId);
        return use ? [{ loadBalancer, listener, rule, weight: use.weight }] : [];
      }),
    ),
  );
}
