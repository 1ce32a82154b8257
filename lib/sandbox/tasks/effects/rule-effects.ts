import type { WorldRule } from '../../world/clb';
import type { RuleEffect } from '../../world/effect';
import { settleDefaultDomain } from './default-domain';
import {
  type EffectHandlers,
  getListener,
  getLoadBalancer,
  getRule,
  listenerKey,
  placeKey,
} from './handlers';
import { unbindConfigs } from './unbind-configs';

export const ruleEffects: EffectHandlers<RuleEffect> = {
  createRules: {
    apply(account, effect) {
      const listener = getListener(account, effect);
      const wanted = effect.rules.find((rule) => rule.isDefault)?.domain ?? null;
      listener.rules.push(...effect.rules.map((rule) => ({ ...rule, isDefault: false })));
      settleDefaultDomain(listener, wanted);
    },
    objects: (_account, effect) =>
      effect.rules.map((rule) => `${listenerKey(effect)}/${rule.domain}${rule.url}`),
  },
  changeRules: {
    apply(account, effect) {
      for (const { ruleId, fields } of effect.changes) {
        Object.assign(getRule(account, { ...effect, ruleId }), fields);
      }
      settleDefaultDomain(getListener(account, effect), effect.newDefaultDomain);
    },
    objects: (account, effect) =>
      effect.changes.map(({ ruleId }) => placeKey(account, { ...effect, ruleId })),
  },
  deleteRules: {
    apply(account, effect) {
      const listener = getListener(account, effect);
      const isGone = (rule: Pick<WorldRule, 'id'>) => effect.ruleIds.includes(rule.id);
      listener.rules = listener.rules.filter((rule) => !isGone(rule));
      const { listeners } = getLoadBalancer(account, effect.loadBalancerId);
      for (const rule of listeners.flatMap((each) => each.rules)) {
        if (rule.redirectTo && isGone({ id: rule.redirectTo.ruleId })) rule.redirectTo = null;
      }
      settleDefaultDomain(listener, effect.newDefaultDomain);
      const domains = listener.rules.flatMap((rule) => [rule.domain, ...rule.furtherDomains]);
      unbindConfigs(
        account,
        (place) =>
          place.listenerId === listener.id &&
          ((place.ruleId !== null && isGone({ id: place.ruleId })) ||
            (place.domain !== null && !domains.includes(place.domain))),
      );
    },
    objects: (account, effect) => effect.ruleIds.map((ruleId) => placeKey(account, { ...effect, ruleId })),
  },
};
