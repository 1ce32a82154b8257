import type { ObjectState, RecordSetState, RuleState } from '@/lib/estate/object';
import { canonicalState, recordKey, sameState } from '@/lib/estate/object-state';
import { targetText } from '@/lib/estate/target';

/** One line of an object's state; `key` is a message key below `plan.state`. */
export type StateLine = {
  readonly id: string;
  readonly key:
    | ('noRule' | 'emptyRule' | 'target' | 'function')
    | ('noRecords' | 'record')
    | ('noLoadBalancer' | 'severalLoadBalancers' | 'loadBalancer')
    | ('noListener' | 'listener')
    | 'provisioned';
  readonly values: Readonly<Record<string, string | number>>;
};

function recordLines({ records }: RecordSetState): readonly StateLine[] {
  if (records.length === 0) return [{ id: 'none', key: 'noRecords', values: {} }];
  return records.map((record) => ({
    id: recordKey(record),
    key: 'record',
    values: {
      type: record.type,
      value: record.value,
      ttl: record.ttlS,
      weight: record.weight ?? 'none',
      enabled: record.enabled ? 'on' : 'off',
    },
  }));
}

function ruleLines(rule: RuleState): readonly StateLine[] {
  const targets = rule.targets.map(
    (t): StateLine => ({
      id: targetText(t),
      key: 'target',
      values: { target: targetText(t), weight: t.weight },
    }),
  );
  const functions = rule.functions.map(
    (f): StateLine => ({
      id: `${f.namespace}/${f.name}:${f.qualifier}`,
      key: 'function',
      values: { function: `${f.namespace}/${f.name}:${f.qualifier}`, weight: f.weight },
    }),
  );
  const lines = [...targets, ...functions];
  return lines.length > 0 ? lines : [{ id: 'empty', key: 'emptyRule', values: {} }];
}

/** Returns the state of an object as lines in a fixed order, so that two states can be compared side by side. */
export function stateLines(state: ObjectState): readonly StateLine[] {
  const plain = canonicalState(state);
  switch (plain.kind) {
    case 'recordSet':
      return recordLines(plain);
    case 'rule':
      return plain.exists ? ruleLines(plain) : [{ id: 'none', key: 'noRule', values: {} }];
    case 'loadBalancer': {
      const { count, network, vpcId } = plain;
      if (count === 0) return [{ id: 'none', key: 'noLoadBalancer', values: {} }];
      if (count > 1) return [{ id: 'several', key: 'severalLoadBalancers', values: { count } }];
      return [{ id: 'one', key: 'loadBalancer', values: { network: network ?? '', vpc: vpcId ?? '' } }];
    }
    case 'listener': {
      if (!plain.exists) return [{ id: 'none', key: 'noListener', values: {} }];
      const certificate = plain.certificateId ?? 'none';
      return [{ id: 'one', key: 'listener', values: { certificate } }];
    }
    case 'provisioned':
      return [{ id: 'instances', key: 'provisioned', values: { instances: plain.instances } }];
  }
}

export type ComparedLine = StateLine & { readonly change: 'same' | 'gone' | 'new' };

/** Compares two states: marks what only the first has, and what only the second has. */
export function compareStates(
  from: ObjectState,
  to: ObjectState,
): { readonly from: readonly ComparedLine[]; readonly to: readonly ComparedLine[]; readonly same: boolean } {
  const text = (line: StateLine) => JSON.stringify([line.key, line.values]);
  const mark = (lines: readonly StateLine[], others: readonly StateLine[], change: 'gone' | 'new') => {
    const known = new Set(others.map(text));
    return lines.map((line): ComparedLine => ({ ...line, change: known.has(text(line)) ? 'same' : change }));
  };
  const [a, b] = [stateLines(from), stateLines(to)];
  return { from: mark(a, b, 'gone'), to: mark(b, a, 'new'), same: sameState(from, to) };
}
