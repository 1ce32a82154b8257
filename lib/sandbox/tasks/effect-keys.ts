import type { WorldEffect, WorldLoadBalancer } from '../world';

/** The objects that an effect touches: `lb-…/lbl-…/domain/url` for rules, `lb-…/lbl-…` for a layer-4 listener. */
export function effectObjects(loadBalancer: WorldLoadBalancer, effect: WorldEffect): string[] {
  const listenerKey = `${loadBalancer.id}/${effect.listenerId}`;
  const listener = loadBalancer.listeners.find((candidate) => candidate.id === effect.listenerId);
  const ruleKey = (id: string) => {
    const rule = listener?.rules.find((candidate) => candidate.id === id);
    return rule ? `${listenerKey}/${rule.domain}${rule.url}` : `${listenerKey}/${id}`;
  };
  switch (effect.kind) {
    case 'createRules':
      return effect.rules.map((rule) => `${listenerKey}/${rule.domain}${rule.url}`);
    case 'deleteRules':
      return effect.ruleIds.map(ruleKey);
    default:
      return [effect.ruleId === null ? listenerKey : ruleKey(effect.ruleId)];
  }
}
