import type { LoadBalancerEffect } from '../../world/effect';
import { type EffectHandlers, getLoadBalancer } from './handlers';
import { unbindConfigs } from './unbind-configs';

/** Replaces one certificate id by another in a certificate use, wherever it occurs. */
function replaced<Use extends { ids: string[]; caId: string | null } | null>(
  use: Use,
  oldId: string,
  newId: string,
): Use {
  if (use === null) return use;
  const swap = (id: string) => (id === oldId ? newId : id);
  return { ...use, ids: [...new Set(use.ids.map(swap))], caId: use.caId === null ? null : swap(use.caId) };
}

export const loadBalancerEffects: EffectHandlers<LoadBalancerEffect> = {
  createLoadBalancers: {
    apply(account, effect) {
      for (const id of effect.loadBalancerIds) getLoadBalancer(account, id).status = 1;
    },
    objects: (_account, effect) => effect.loadBalancerIds,
    /** A token whose instances were never created is free again. */
    abandon(account, { loadBalancerIds, dealName }) {
      for (const id of loadBalancerIds) delete account.loadBalancers[id];
      for (const [token, given] of Object.entries(account.clientTokens)) {
        if (given.dealName === dealName) delete account.clientTokens[token];
      }
    },
  },
  changeLoadBalancer: {
    apply: (account, effect) => {
      Object.assign(getLoadBalancer(account, effect.loadBalancerId), effect.fields);
    },
    objects: (_account, effect) => [effect.loadBalancerId],
  },
  changeSla: {
    apply(account, { changes }) {
      for (const { loadBalancerId, slaType } of changes)
        getLoadBalancer(account, loadBalancerId).slaType = slaType;
    },
    objects: (_account, { changes }) => changes.map(({ loadBalancerId }) => loadBalancerId),
  },
  deleteLoadBalancers: {
    apply(account, effect) {
      for (const id of effect.loadBalancerIds) delete account.loadBalancers[id];
      unbindConfigs(account, (place) => effect.loadBalancerIds.includes(place.loadBalancerId));
    },
    objects: (_account, effect) => effect.loadBalancerIds,
  },
  replaceCertificate: {
    apply(account, { loadBalancerIds, oldId, newId }) {
      for (const id of loadBalancerIds) {
        for (const listener of getLoadBalancer(account, id).listeners) {
          listener.certificate = replaced(listener.certificate, oldId, newId);
          for (const rule of listener.rules) rule.certificate = replaced(rule.certificate, oldId, newId);
        }
      }
    },
    objects: (_account, effect) => effect.loadBalancerIds,
  },
};
