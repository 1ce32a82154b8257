import type { RewriteEffect } from '../../world/effect';
import { settleDefaultDomain } from './default-domain';
import { type EffectHandlers, getListener, getLoadBalancer, getRule, placeKey } from './handlers';

export const rewriteEffects: EffectHandlers<RewriteEffect> = {
  addRewrites: {
    apply(account, effect) {
      if (effect.newListener) {
        getLoadBalancer(account, effect.loadBalancerId).listeners.push(effect.newListener);
      }
      const listener = getListener(account, effect);
      listener.rules.push(...effect.newRules);
      settleDefaultDomain(listener, null);
      for (const { ruleId, to } of effect.rewrites) getRule(account, { ...effect, ruleId }).redirectTo = to;
    },
    objects: (account, effect) =>
      effect.rewrites.map(({ ruleId }) => {
        const made = effect.newRules.find((rule) => rule.id === ruleId);
        const listenerKey = `${effect.loadBalancerId}/${effect.listenerId}`;
        return made ? `${listenerKey}/${made.domain}${made.url}` : placeKey(account, { ...effect, ruleId });
      }),
  },
  deleteRewrites: {
    apply(account, effect) {
      for (const ruleId of effect.ruleIds) getRule(account, { ...effect, ruleId }).redirectTo = null;
    },
    objects: (account, effect) => effect.ruleIds.map((ruleId) => placeKey(account, { ...effect, ruleId })),
  },
};
