import { findRule } from '@/lib/estate/look-up';
import { type DnsRecord, type Estate, type Rule, Target } from '@/lib/estate/model';
import type { RecordSetRef, RecordSetState, RuleRef, RuleState, TargetState } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import { isSameTarget } from '@/lib/estate/target';
import type { Restore } from './model';

/** Returns a target as it is, or its known fields before it is bound again. */
function findTarget(targets: readonly Target[], wanted: TargetState): Target {
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
    targets: targets.map((target) => findTarget(rule.targets, target)),
    functions,
  };
  return { ...estate, rules: estate.rules.map((each) => (each === rule ? restored : each)) };
}

/** The remaining records get their intended weights. */
function withWeights(estate: Estate, ref: RecordSetRef, { records }: RecordSetState): Estate {
  const weights = new Map(records.map((record) => [recordKey(record), record.weight]));
  const isInSet = ({ zone, subdomain, lineId }: DnsRecord) =>
    zone === ref.zone && subdomain === ref.subdomain && lineId === ref.lineId;
  const restored = estate.records.map((record) => {
    const weight = isInSet(record) ? weights.get(recordKey(record)) : undefined;
    return weight === undefined ? record : { ...record, weight };
  });
  return { ...estate, records: restored };
}

/**
 * The estate against which a plan's diversion is checked. A backend that a restore removes first does not block it: the
 * checks of bindings use the restored rule, and those of shares the restored weights.
 */
export function checkedEstate(estate: Estate, restores: readonly Restore[] = []): Estate {
  return restores.reduce((so: Estate, { object, state }) => {
    if (object.kind === 'rule' && state.kind === 'rule') return withRule(so, object, state);
    return object.kind === 'recordSet' && state.kind === 'recordSet' ? withWeights(so, object, state) : so;
  }, estate);
}
