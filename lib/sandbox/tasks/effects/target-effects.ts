import type { TargetAddress, TargetEffect } from '@/lib/sandbox/world/effect';
import type { WorldFunctionTarget } from '../../world/clb';
import { type EffectHandlers, getHolder, getRule, placeKey } from './handlers';

/** Returns whether two targets are the same address and port of a server. */
export function sameTarget(a: TargetAddress, b: TargetAddress): boolean {
  return a.instanceId === b.instanceId && a.eniIp === b.eniIp && a.port === b.port;
}

/** Returns whether two function targets are the same function at the same version or alias. */
export function sameFunction(a: WorldFunctionTarget, b: WorldFunctionTarget): boolean {
  return a.namespace === b.namespace && a.name === b.name && a.qualifier === b.qualifier;
}

export const targetEffects: EffectHandlers<TargetEffect> = {
  registerTargets: {
    apply: (account, effect) => {
      getHolder(account, effect).targets.push(...effect.targets);
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
  deregisterTargets: {
    apply(account, effect) {
      const holder = getHolder(account, effect);
      holder.targets = holder.targets.filter(
        (have) => !effect.targets.some((each) => sameTarget(have, each)),
      );
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
  changeTargets: {
    apply(account, effect) {
      const holder = getHolder(account, effect);
      holder.targets = holder.targets.map((have) => ({
        ...have,
        ...effect.changes.find((each) => sameTarget(have, each)),
      }));
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
  nothing: { apply: () => {}, objects: () => [] },
  registerFunctions: {
    apply: (account, effect) => {
      getRule(account, effect).functions.push(...effect.functions);
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
  deregisterFunctions: {
    apply(account, effect) {
      const rule = getRule(account, effect);
      rule.functions = rule.functions.filter(
        (have) => !effect.functions.some((gone) => sameFunction(have, gone)),
      );
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
  replaceFunctions: {
    apply: (account, effect) => {
      getRule(account, effect).functions = effect.functions;
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
};
