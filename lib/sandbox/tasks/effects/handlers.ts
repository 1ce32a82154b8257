import { invariant } from '@/lib/invariant';
import type { WorldListener, WorldLoadBalancer, WorldRule } from '../../world/clb';
import type { Place, RulePlace } from '../../world/effect';
import type { AccountWorld } from '../../world/world';

/** The operation of each kind of effect, and the objects that it touches, as named by the effect log. */
export type EffectHandlers<Effect extends { kind: string }> = {
  readonly [Kind in Effect['kind']]: {
    apply(account: AccountWorld, effect: Extract<Effect, { kind: Kind }>): void;
    objects(account: AccountWorld, effect: Extract<Effect, { kind: Kind }>): string[];
    /** Undoes the preparations of a task that has failed. */
    abandon?(account: AccountWorld, effect: Extract<Effect, { kind: Kind }>): void;
  };
};

/**
 * Returns the load balancer that an effect names. The call was checked on arrival, and a busy load balancer accepts no
 * other write, so its objects still exist: if not, that is a bug here.
 */
export function getLoadBalancer(account: AccountWorld, id: string): WorldLoadBalancer {
  const found = account.loadBalancers[id];
  invariant(found, `${id} went away during its task`);
  return found;
}

export function getListener(account: AccountWorld, place: Place): WorldListener {
  const found = getLoadBalancer(account, place.loadBalancerId).listeners.find(
    (candidate) => candidate.id === place.listenerId,
  );
  invariant(found, `${place.loadBalancerId} lost its listener ${place.listenerId} during a task`);
  return found;
}

export function getRule(account: AccountWorld, place: Place & { ruleId: string }): WorldRule {
  const found = getListener(account, place).rules.find((candidate) => candidate.id === place.ruleId);
  invariant(found, `${place.listenerId} lost its rule ${place.ruleId} during a task`);
  return found;
}

/** Returns the rule or listener that has the targets of a place. */
export function getHolder(account: AccountWorld, place: RulePlace): WorldRule | WorldListener {
  const { ruleId } = place;
  return ruleId === null ? getListener(account, place) : getRule(account, { ...place, ruleId });
}

/** Returns `lb-…/lbl-…` for a listener. */
export function listenerKey({ loadBalancerId, listenerId }: Place): string {
  return `${loadBalancerId}/${listenerId}`;
}

/** Returns `lb-…/lbl-…/domain/url` for a rule, `lb-…/lbl-…` for a layer-4 listener. */
export function placeKey(account: AccountWorld, place: RulePlace): string {
  if (place.ruleId === null) return listenerKey(place);
  const rule = account.loadBalancers[place.loadBalancerId]?.listeners
    .find((candidate) => candidate.id === place.listenerId)
    ?.rules.find((candidate) => candidate.id === place.ruleId);
  return `${listenerKey(place)}/${rule ? `${rule.domain}${rule.url}` : place.ruleId}`;
}
