import { canonicalState, type ObjectState } from '@/lib/estate/object';

/** What the script says of a rule that is not there. */
const noRuleText = 'no rule';

/** A state as the lines that the script makes of what it reads (`readProgram`): two states are the same if these are. */
export function stateTexts(state: ObjectState): readonly string[] {
  const plain = canonicalState(state);
  if (plain.kind === 'recordSet') {
    if (plain.records.length === 0) return ['no records'];
    return plain.records.map(
      ({ type, value, ttlS, weight, enabled }) =>
        `${type} ${value} TTL ${ttlS} weight ${weight ?? 0} ${enabled ? 'ENABLE' : 'DISABLE'}`,
    );
  }
  if (plain.kind !== 'rule') return [JSON.stringify(plain)];
  if (!plain.exists) return [noRuleText];
  return [
    'rule',
    ...plain.targets.map(({ instanceId, port, weight }) => `target ${instanceId}:${port} weight ${weight}`),
    ...plain.functions.map(
      ({ namespace, name, qualifier, weight }) =>
        `function ${namespace}/${name}:${qualifier} weight ${weight}`,
    ),
  ];
}
