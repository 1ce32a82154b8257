import type { TargetAddress } from '@/lib/sandbox/world/target-address';
import type { WorldFunctionTarget, WorldTarget } from '../../world/clb';
import type { ServerEffect, TargetChange, TargetEffect } from '../../world/effect';
import { type EffectHandlers, getHolder, getRule, placeKey } from './handlers';

/** Returns whether two targets are the same address and port of a server. */
export function sameTarget(a: TargetAddress, b: TargetAddress): boolean {
  return a.instanceId === b.instanceId && a.eniIp === b.eniIp && a.port === b.port;
}

/** Returns whether two function targets are the same function at the same version or alias. */
export function sameFunction(a: WorldFunctionTarget, b: WorldFunctionTarget): boolean {
  return a.namespace === b.namespace && a.name === b.name && a.qualifier === b.qualifier;
}

/** Returns the targets that are not in `gone`. */
export function withoutTargets(
  targets: readonly WorldTarget[],
  gone: readonly TargetAddress[],
): WorldTarget[] {
  return targets.filter((have) => !gone.some((each) => sameTarget(have, each)));
}

/** Returns the targets with all changes applied at once: two may swap their ports. */
export function changedTargets(
  targets: readonly WorldTarget[],
  changes: readonly TargetChange[],
): WorldTarget[] {
  return targets.map((have) => ({ ...have, ...changes.find((each) => sameTarget(have, each))?.to }));
}

const serverEffects: EffectHandlers<ServerEffect> = {
  registerTargets: {
    apply: (account, effect) => {
      getHolder(account, effect).targets.push(...effect.targets);
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
  deregisterTargets: {
    apply(account, effect) {
      const holder = getHolder(account, effect);
      holder.targets = withoutTargets(holder.targets, effect.targets);
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
  changeTargets: {
    apply(account, effect) {
      const holder = getHolder(account, effect);
      holder.targets = changedTargets(holder.targets, effect.changes);
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
};

export const targetEffects: EffectHandlers<TargetEffect> = {
  ...serverEffects,
  nothing: { apply: () => {}, objects: () => [] },
  batchTargets: {
    apply(account, { effects }) {
      for (const effect of effects) {
        if (effect.kind === 'registerTargets') serverEffects.registerTargets.apply(account, effect);
        else if (effect.kind === 'deregisterTargets') serverEffects.deregisterTargets.apply(account, effect);
        else serverEffects.changeTargets.apply(account, effect);
      }
    },
    objects: (account, { effects }) => [...new Set(effects.map((effect) => placeKey(account, effect)))],
  },
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
