import { findRule } from '@/lib/estate/look-up';
import { type Estate, type Rule, Target } from '@/lib/estate/model';
import type { RuleRef, RuleState, TargetState } from '@/lib/estate/object';
import { isSameTarget } from '@/lib/estate/target';
import type { Restore } from './model';

/** A target as it is, or as little as is known of it before it is bound again. */
function targetOf(targets: readonly Target[], wanted: TargetState): Target {
  const known = targets.find((target) => isSameTarget(target, wanted));
  if (known !== undefined) return { ...known, weight: wanted.weight };
  const { instanceId, eniIp = null } = wanted;
  const kind = instanceId === undefined ? 'ENI' : 'CVM';
  return Target.parse({ ...wanted, kind, instanceName: null, privateIp: eniIp });
}

function withRule(estate: Estate, ref: RuleRef, { targets, functions }: RuleState): Estate {
  const rule = findRule(estate, ref.listenerId, ref.domain, ref.url);
  if (rule === undefined) return estate;
  const restored: Rule = {
    ...rule,
    targets: targets.map((target) => targetOf(rule.targets, target)),
    functions,
  };
  return { ...estate, rules: estate.rules.map((each) => (each === rule ? restored : each)) };
}

/**
 * The estate that a plan's diversion is checked over. What a restore takes off a rule first does not stand in its way: the
 * checks of bindings look at the rule as it is to be again.
 */
export function checkedEstate(estate: Estate, restores: readonly Restore[] = []): Estate {
  return restores.reduce(
    (so: Estate, { object, state }) =>
      object.kind === 'rule' && state.kind === 'rule' ? withRule(so, object, state) : so,
    estate,
  );
}
