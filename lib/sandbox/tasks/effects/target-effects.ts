import type { WorldFunctionTarget, WorldTarget } from '../../world/clb';
import { type EffectHandlers, holderOf, type Place, placeKey, type RulePlace, ruleOf } from './handlers';

type FunctionPlace = Place & { ruleId: string };

export type TargetEffect =
  | ({ kind: 'registerTargets'; targets: WorldTarget[] } & RulePlace)
  | ({ kind: 'deregisterTargets'; targets: { instanceId: string; port: number }[] } & RulePlace)
  | ({ kind: 'registerFunctions'; functions: WorldFunctionTarget[] } & FunctionPlace)
  | ({ kind: 'deregisterFunctions'; functions: WorldFunctionTarget[] } & FunctionPlace);

/** Whether two targets are the same server port. */
export function sameTarget(
  a: Pick<WorldTarget, 'instanceId' | 'port'>,
  b: Pick<WorldTarget, 'instanceId' | 'port'>,
): boolean {
  return a.instanceId === b.instanceId && a.port === b.port;
}

/** Whether two function targets are the same function at the same version or alias. */
export function sameFunction(a: WorldFunctionTarget, b: WorldFunctionTarget): boolean {
  return a.namespace === b.namespace && a.name === b.name && a.qualifier === b.qualifier;
}

export const targetEffects: EffectHandlers<TargetEffect> = {
  registerTargets: {
    apply: (account, effect) => {
      holderOf(account, effect).targets.push(...effect.targets);
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
  deregisterTargets: {
    apply(account, effect) {
      const holder = holderOf(account, effect);
      holder.targets = holder.targets.filter(
        (have) => !effect.targets.some((gone) => sameTarget(have, gone)),
      );
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
  registerFunctions: {
    apply: (account, effect) => {
      ruleOf(account, effect).functions.push(...effect.functions);
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
  deregisterFunctions: {
    apply(account, effect) {
      const rule = ruleOf(account, effect);
      rule.functions = rule.functions.filter(
        (have) => !effect.functions.some((gone) => sameFunction(have, gone)),
      );
    },
    objects: (account, effect) => [placeKey(account, effect)],
  },
};
