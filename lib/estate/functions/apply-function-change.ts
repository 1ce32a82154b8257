import { findFunction } from '@/lib/estate/look-up';
import type { Estate, ScfFunction } from '@/lib/estate/model';
import { unreachable } from '@/lib/invariant';
import type { FunctionChange, FunctionId } from './function-change';
import { type FunctionUse, listFunctionUses } from './function-use';

/** The alias that every function has: it is not in the list of its aliases unless it was moved. */
const defaultAlias = '$DEFAULT';

/**
 * Returns whether a function has a version or an alias of this name, whose version exists. Aliases that could not be
 * read count as existing.
 */
export function canServeBy({ versions, aliases }: ScfFunction, qualifier: string): boolean {
  if (versions.includes(qualifier) || aliases === null) return true;
  const alias = aliases.find(({ name }) => name === qualifier);
  return alias === undefined ? qualifier === defaultAlias : versions.includes(alias.version);
}

/** Returns whether calls of a version or an alias reach this version. */
function leadsToVersion({ aliases }: ScfFunction, qualifier: string, version: string): boolean {
  if (qualifier === version) return true;
  const alias = aliases?.find(({ name }) => name === qualifier);
  return alias?.version === version || alias?.additional?.version === version;
}

/**
 * Returns the rules whose calls a change of a function affects.
 * @param change null = a deployment, which replaces the code and may move an alias
 */
export function listChangedUses(
  estate: Estate,
  id: FunctionId,
  change: FunctionChange | null,
): readonly FunctionUse[] {
  const uses = listFunctionUses(estate, id);
  if (change === null) return uses;
  const fn = findFunction(estate, id);
  switch (change.kind) {
    case 'delete':
      return uses;
    case 'publish':
      return [];
    case 'setAlias':
    case 'deleteAlias':
      return uses.filter(({ qualifier }) => qualifier === change.alias);
    case 'setProvisioned':
    case 'deleteVersion':
      return uses.filter(
        ({ qualifier }) => fn === undefined || leadsToVersion(fn, qualifier, change.version),
      );
    default:
      return unreachable(change);
  }
}

function changeFunction(fn: ScfFunction, change: Exclude<FunctionChange, { kind: 'delete' }>): ScfFunction {
  const others = (alias: string) => fn.aliases?.filter(({ name }) => name !== alias) ?? null;
  switch (change.kind) {
    case 'publish':
    case 'setProvisioned':
      return fn;
    case 'deleteVersion':
      return { ...fn, versions: fn.versions.filter((version) => version !== change.version) };
    case 'deleteAlias':
      return { ...fn, aliases: others(change.alias) };
    case 'setAlias': {
      const { version, additional } = change.after;
      const weighted = additional && { version: additional.version, weight: additional.percent / 100 };
      const kept = others(change.alias);
      return {
        ...fn,
        aliases: kept && [...kept, { name: change.alias, version, additional: weighted }],
      };
    }
    default:
      return unreachable(change);
  }
}

/** Returns an estate after a change of one of its functions, as far as that decides which calls reach it. */
export function applyFunctionChange(estate: Estate, id: FunctionId, change: FunctionChange | null): Estate {
  const fn = findFunction(estate, id);
  if (change === null || fn === undefined) return estate;
  return {
    ...estate,
    functions: estate.functions.flatMap((each) => {
      if (each !== fn) return [each];
      return change.kind === 'delete' ? [] : [changeFunction(fn, change)];
    }),
  };
}
