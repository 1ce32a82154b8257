import { findFunction } from '@/lib/estate/look-up';
import { findingsOf, sources } from './finding';
import type { Check } from './model';

const { pass, block, unknown } = findingsOf('function-type', sources.binding);

/** Only Event functions can be bound; HTTP functions (web functions) can't. */
export const checkFunctionType: Check = ({ estate, diversion }) => {
  const choice = diversion.laneB.function;
  const name = `${choice.namespace}/${choice.name}`;
  const found = { field: 'laneB.function', objects: [name], values: { function: name } } as const;
  const chosen = findFunction(estate, choice);
  if (chosen === undefined) return [unknown({ ...found, why: 'unknown' })];
  if (chosen.type === 'Event') return [pass({ ...found, why: 'pass' })];
  const other = estate.functions.find(
    (f) => f.type === 'Event' && f.region === choice.region && f.status === 'Active',
  );
  const fix = other && {
    label: 'useFunction',
    values: { function: `${other.namespace}/${other.name}` },
    patch: { field: 'laneB.function', value: `${other.region}/${other.namespace}/${other.name}` } as const,
  };
  return [block({ ...found, why: 'http', fix: fix ?? null })];
};
