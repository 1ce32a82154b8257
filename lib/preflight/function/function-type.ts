import { findFunction } from '@/lib/estate/look-up';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';

const { pass, block, unknown } = createFindings('function-type', sources.binding);

/** Checks that functions are Event functions: only these can be bound; HTTP functions (web functions) can't. */
export const checkFunctionType: Check = (input) =>
  listFunctionRoutes(input).map((resolved): Finding => {
    const choice = resolved.route.function;
    const name = `${choice.namespace}/${choice.name}`;
    const field = routeFieldName(resolved, 'function');
    const found = { field, objects: [name], values: { function: name } };
    const chosen = findFunction(input.estate, choice);
    if (chosen === undefined) return unknown({ ...found, why: 'unknown' });
    if (chosen.type === 'Event') return pass({ ...found, why: 'pass' });
    const other = input.estate.functions.find(
      (f) => f.type === 'Event' && f.region === choice.region && f.status === 'Active',
    );
    const fix = other && {
      label: 'useFunction',
      values: { function: `${other.namespace}/${other.name}` },
      patch: { field, value: `${other.region}/${other.namespace}/${other.name}` },
    };
    return block({ ...found, why: 'http', fix: fix ?? null });
  });
