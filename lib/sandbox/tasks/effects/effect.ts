import { invariant } from '@/lib/invariant';
import {
  hasDomain,
  type WorldCustomConfig,
  type WorldListener,
  type WorldRule,
} from '@/lib/sandbox/world/clb';
import type {
  Association,
  ListenerEffect,
  Listeners,
  LoadBalancerEffect,
  RewriteEffect,
  RuleEffect,
  TargetGroupEffect,
  WorldEffect,
} from '../../world/effect';
import type { AccountWorld } from '../../world/world';
import {
  type EffectHandlers,
  getHolder,
  getListener,
  getLoadBalancer,
  getRule,
  listenerKey,
  placeKey,
} from './handlers';
import { targetEffects } from './target-effects';

const ruleEffects: EffectHandlers<RuleEffect> = {
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
function unbindConfigs(
  account: AccountWorld,
  isGone: (place: WorldCustomConfig['bindings'][number]) => boolean,
): void {
  for (const config of Object.values(account.customConfigs)) {
    config.bindings = config.bindings.filter((place) => !isGone(place));
  }
}

const loadBalancerEffects: EffectHandlers<LoadBalancerEffect> = {
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
};

function listenerKeys({ loadBalancerId, listenerIds }: Listeners): string[] {
  return listenerIds.map((listenerId) => listenerKey({ loadBalancerId, listenerId }));
}

const listenerEffects: EffectHandlers<ListenerEffect> = {
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

const rewriteEffects: EffectHandlers<RewriteEffect> = {
  addRewrites: {
    apply(account, effect) {
      for (const { ruleId, to } of effect.rewrites) getRule(account, { ...effect, ruleId }).redirectTo = to;
    },
    objects: (account, effect) =>
      effect.rewrites.map(({ ruleId }) => placeKey(account, { ...effect, ruleId })),
  },
};

const associationKeys = (account: AccountWorld, effect: { associations: Association[] }) => [
  ...new Set(effect.associations.map((each) => placeKey(account, each))),
];

const targetGroupEffects: EffectHandlers<TargetGroupEffect> = {
  associateGroups: {
    apply(account, effect) {
      for (const { groupId, weight, ...place } of effect.associations) {
        const holder = getHolder(account, place);
        holder.targetGroups.push({ groupId, weight });
        const group = account.targetGroups[groupId];
        invariant(group, `${groupId} went away during a task`);
        holder.targetType = group.type === 'v2' ? 'TARGETGROUP-V2' : 'TARGETGROUP';
      }
    },
    objects: associationKeys,
  },
  disassociateGroups: {
    apply(account, effect) {
      for (const { groupId, ...place } of effect.associations) {
        const holder = getHolder(account, place);
        const isKept = (use: { groupId: string }) => use.groupId !== groupId;
        holder.targetGroups = holder.targetGroups.filter(isKept);
        const isEmptyRule = place.ruleId !== null && holder.targetGroups.length === 0;
        if (isEmptyRule && effect.emptyType) holder.targetType = effect.emptyType;
      }
    },
    objects: associationKeys,
  },
};

const handlers: EffectHandlers<WorldEffect> = {
  ...listenerEffects,
  ...loadBalancerEffects,
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

/** Undoes the preparations of a task that has failed. */
export function abandonEffect(account: AccountWorld, effect: WorldEffect): void {
  getHandler(effect).abandon?.(account, effect);
}

/** Returns the objects that the effect touches, read before it is applied: `lb-…/lbl-…/domain/url` for rules. */
export function effectObjects(account: AccountWorld, effect: WorldEffect): string[] {
  return getHandler(effect).objects(account, effect);
}
