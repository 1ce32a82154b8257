import type { AccountWorld } from '../../world/world';
import type { EffectHandlers } from './handlers';
import { type ListenerEffect, listenerEffects } from './listener-effects';
import { type LoadBalancerEffect, loadBalancerEffects } from './load-balancer-effects';
import { type RecordEffect, recordEffects } from './record-effects';
import { type RewriteEffect, rewriteEffects } from './rewrite-effects';
import { type RuleEffect, ruleEffects } from './rule-effects';
import { type TargetEffect, targetEffects } from './target-effects';
import { type TargetGroupEffect, targetGroupEffects } from './target-group-effects';

/** A checked write with its ids resolved, as data: what a task does to the world when it ends. */
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

/** The table pairs each kind with the handler of that very kind, which its type can't say of a kind not yet known. */
function handlerOf(effect: WorldEffect): Handler {
  return handlers[effect.kind] as Handler;
}

/** Does to the account's world what the effect says. */
export function applyEffect(account: AccountWorld, effect: WorldEffect): void {
  handlerOf(effect).apply(account, effect);
}

/** Undoes what was there ahead of the task: it has failed. */
export function abandonEffect(account: AccountWorld, effect: WorldEffect): void {
  handlerOf(effect).abandon?.(account, effect);
}

/** The objects that the effect touches, read before it is applied: `lb-…/lbl-…/domain/url` for rules. */
export function effectObjects(account: AccountWorld, effect: WorldEffect): string[] {
  return handlerOf(effect).objects(account, effect);
}
