import type { ListenerEffect, Listeners } from '../../world/effect';
import { type EffectHandlers, getListener, getLoadBalancer, getRule, listenerKey } from './handlers';
import { unbindConfigs } from './unbind-configs';

function listenerKeys({ loadBalancerId, listenerIds }: Listeners): string[] {
  return listenerIds.map((listenerId) => listenerKey({ loadBalancerId, listenerId }));
}

export const listenerEffects: EffectHandlers<ListenerEffect> = {
  createListeners: {
    apply: (account, effect) => {
      getLoadBalancer(account, effect.loadBalancerId).listeners.push(...effect.listeners);
    },
    objects: (_account, { loadBalancerId, listeners }) =>
      listenerKeys({ loadBalancerId, listenerIds: listeners.map((listener) => listener.id) }),
  },
  changeListener: {
    apply(account, effect) {
      Object.assign(getListener(account, effect), effect.fields);
      for (const { ruleId, fields } of effect.ruleChanges) {
        Object.assign(getRule(account, { ...effect, ruleId }), fields);
      }
    },
    objects: (_account, effect) => [listenerKey(effect)],
  },
  deleteListeners: {
    apply(account, effect) {
      const loadBalancer = getLoadBalancer(account, effect.loadBalancerId);
      const isGone = (id: string) => effect.listenerIds.includes(id);
      loadBalancer.listeners = loadBalancer.listeners.filter((listener) => !isGone(listener.id));
      for (const rule of loadBalancer.listeners.flatMap((listener) => listener.rules)) {
        if (rule.redirectTo && isGone(rule.redirectTo.listenerId)) rule.redirectTo = null;
      }
      unbindConfigs(account, (place) => place.listenerId !== null && isGone(place.listenerId));
    },
    objects: (_account, effect) => listenerKeys(effect),
  },
  /** The states of both follow each other: https://cloud.tencent.com/document/product/214/80898. */
  startOrStop: {
    apply(account, { loadBalancerId, listenerIds, stopped, at }) {
      const loadBalancer = getLoadBalancer(account, loadBalancerId);
      for (const listener of loadBalancer.listeners) {
        if (listenerIds === null || listenerIds.includes(listener.id)) listener.stopped = stopped;
      }
      const all = listenerIds === null ? stopped : loadBalancer.listeners.every((each) => each.stopped);
      if (all !== loadBalancer.stopped) Object.assign(loadBalancer, { stopped: all, statusAt: at });
    },
    objects: (_account, { loadBalancerId, listenerIds }) =>
      listenerIds === null ? [loadBalancerId] : listenerKeys({ loadBalancerId, listenerIds }),
  },
};
