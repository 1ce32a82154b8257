import type {
  WorldHealthCheck,
  WorldListener,
  WorldLoadBalancer,
  WorldRule,
  WorldTarget,
} from '@/lib/sandbox/world/clb';
import type { AccountWorld } from '@/lib/sandbox/world/world';

/** Servers that share one health check: those of a rule itself, or those of one of its target groups. */
export type TargetPool = {
  /** null = registered on the rule itself. */
  readonly groupId: string | null;
  /** The pool's share among the pools of the rule. */
  readonly weight: number;
  readonly healthCheck: WorldHealthCheck | null;
  readonly targets: readonly WorldTarget[];
};

/**
 * Returns the pools that a rule, or a layer-4 listener, forwards to: its own servers, or those of its target groups. A
 * group of the new kind (v2) has its own health check and a weight among the groups; one of the old kind is checked
 * with the rule's health check (https://www.tencentcloud.com/document/product/214/40513). Functions are not included.
 */
export function backendsOfRule(
  account: Pick<AccountWorld, 'targetGroups'>,
  rule: WorldRule | WorldListener,
): TargetPool[] {
  const { healthCheck } = rule;
  if (rule.targetType === 'NODE') return [{ groupId: null, weight: 1, healthCheck, targets: rule.targets }];
  return rule.targetGroups.flatMap(({ groupId, weight }) => {
    const group = account.targetGroups[groupId];
    if (!group) return [];
    const check = group.type === 'v2' ? group.healthCheck : healthCheck;
    return [{ groupId, weight, healthCheck: check, targets: group.targets }];
  });
}

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
