import type { WorldRule } from '../../world/clb';
import { settleDefaultDomain } from './default-domain';
import {
  type EffectHandlers,
  listenerKey,
  listenerOf,
  loadBalancerOf,
  type Place,
  placeKey,
} from './handlers';

export type RuleEffect =
  | ({ kind: 'createRules'; rules: WorldRule[] } & Place)
  | ({ kind: 'deleteRules'; ruleIds: string[]; newDefaultDomain: string | null } & Place);

export const ruleEffects: EffectHandlers<RuleEffect> = {
  createRules: {
    apply(account, effect) {
      const listener = listenerOf(account, effect);
      const wanted = effect.rules.find((rule) => rule.isDefault)?.domain ?? null;
      listener.rules.push(...effect.rules.map((rule) => ({ ...rule, isDefault: false })));
      settleDefaultDomain(listener, wanted);
    },
    objects: (_account, effect) =>
      effect.rules.map((rule) => `${listenerKey(effect)}/${rule.domain}${rule.url}`),
  },
  deleteRules: {
    apply(account, effect) {
      const listener = listenerOf(account, effect);
      listener.rules = listener.rules.filter((rule) => !effect.ruleIds.includes(rule.id));
      const { listeners } = loadBalancerOf(account, effect.loadBalancerId);
      for (const rule of listeners.flatMap((each) => each.rules)) {
        if (rule.redirectTo && effect.ruleIds.includes(rule.redirectTo.ruleId)) rule.redirectTo = null;
      }
      settleDefaultDomain(listener, effect.newDefaultDomain);
    },
    objects: (account, effect) => effect.ruleIds.map((ruleId) => placeKey(account, { ...effect, ruleId })),
  },
};
