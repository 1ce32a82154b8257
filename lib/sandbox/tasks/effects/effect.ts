import type { AccountWorld } from '../../world/world';
import type { EffectHandlers } from './handlers';
import { type ListenerEffect, listenerEffects } from './listener-effects';
import { type LoadBalancerEffect, loadBalancerEffects } from './load-balancer-effects';
import { type RecordEffect, recordEffects } from './record-effects';
import { type RewriteEffect, rewriteEffects } from './rewrite-effects';
import { type RuleEffect, ruleEffects } from './rule-effects';
import { type TargetEffect, targetEffects } from './target-effects';
import { type TargetGroupEffect, targetGroupEffects } from './target-group-effects';

/** A checked write with its ids resolved, as data: the change that a task makes to the sandbox data when it ends. */
export type WorldEffect =
  | ListenerEffect
  | LoadBalancerEffect
  | RewriteEffect
  | RuleEffect
  | TargetEffect
  | TargetGroupEffect
  | RecordEffect;

const handlers: EffectHandlers<WorldEffect> = {
  ...listenerEffects,
  ...loadBalancerEffects,
  ...recordEffects,
  ...rewriteEffects,
  ...ruleEffects,
  ...targetEffects,
  ...targetGroupEffects,
};

type Handler = {
  apply(account: AccountWorld, effect: WorldEffect): void;
  objects(account: AccountWorld, effect: WorldEffect): string[];
  abandon?(account: AccountWorld, effect: WorldEffect): void;
};

/**
 * Returns the handler of an effect. The table pairs each kind with its own handler, which its type can't express for a
 * kind not yet known.
 */
function getHandler(effect: WorldEffect): Handler {
  return handlers[effect.kind] as Handler;
}

/** Applies an effect to the account's data. */
export function applyEffect(account: AccountWorld, effect: WorldEffect): void {
  getHandler(effect).apply(account, effect);
}

/** Undoes what was created ahead of a task that has failed. */
export function abandonEffect(account: AccountWorld, effect: WorldEffect): void {
  getHandler(effect).abandon?.(account, effect);
}

/** Returns the objects that the effect touches, read before it is applied: `lb-…/lbl-…/domain/url` for rules. */
export function effectObjects(account: AccountWorld, effect: WorldEffect): string[] {
  return getHandler(effect).objects(account, effect);
}
