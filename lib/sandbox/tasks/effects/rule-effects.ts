import { hasDomain, type WorldCustomConfig, type WorldListener, type WorldRule } from '../../world/clb';
import type { RuleEffect } from '../../world/effect';
import type { AccountWorld } from '../../world/world';
import {
  type EffectHandlers,
  getListener,
  getLoadBalancer,
  getRule,
  listenerKey,
  placeKey,
} from './handlers';

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

/**
 * Marks exactly one domain as the listener's default: the requested one, else the present one, else that of the
 * earliest-created rule (https://www.tencentcloud.com/document/product/214/9032). A rule with several domains counts
 * with all of them.
 */
function settleDefaultDomain(listener: WorldListener, wanted: string | null): void {
  const present = listener.rules.find((rule) => rule.isDefault)?.domain;
  const [earliest] = listener.rules.toSorted((a, b) => a.createdAt - b.createdAt);
  const chosen = [wanted, present, earliest?.domain].find(
    (domain) => domain != null && listener.rules.some((rule) => hasDomain(rule, domain)),
  );
  for (const rule of listener.rules) rule.isDefault = chosen != null && hasDomain(rule, chosen);
}

/** Unbinds custom configurations from deleted places. */
export function unbindConfigs(
  account: AccountWorld,
  isGone: (place: WorldCustomConfig['bindings'][number]) => boolean,
): void {
  for (const config of Object.values(account.customConfigs)) {
    config.bindings = config.bindings.filter((place) => !isGone(place));
  }
}
