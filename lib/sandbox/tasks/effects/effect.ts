import type { WorldEffect } from '../../world/effect';
import type { AccountWorld } from '../../world/world';
import type { EffectHandlers } from './handlers';
import { listenerEffects } from './listener-effects';
import { loadBalancerEffects } from './load-balancer-effects';
import { recordEffects } from './record-effects';
import { rewriteEffects } from './rewrite-effects';
import { ruleEffects } from './rule-effects';
import { targetEffects } from './target-effects';
import { targetGroupEffects } from './target-group-effects';

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
