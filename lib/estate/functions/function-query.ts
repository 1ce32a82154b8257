import { type ListQuery, parseListQuery, parseOneOf, writeListQuery } from '@/lib/estate/list-query';
import type { FunctionCount } from './function-reading';
import type { FunctionSummary } from './function-use';

/** A function as a list shows it, with its calls in the last hour; null = they are not measured. */
export type ListedFunction<RunId extends string = string> = FunctionSummary &
  Pick<FunctionCount, 'calls' | 'errors'> & {
    /** The last rolled-back run that had bound it, if no rule uses it now; null = none. `at` is an ISO instant. */
    readonly leftBy: { readonly runId: RunId; readonly at: string } | null;
  };

export const functionUses = ['bound', 'unused', 'left'] as const;
type FunctionUseFilter = (typeof functionUses)[number];

export const functionColumns = [
  'name',
  'region',
  'runtime',
  'status',
  'versions',
  'aliases',
  'provisioned',
  'use',
  'calls',
  'errors',
  'modifiedAt',
] as const;
export type FunctionColumn = (typeof functionColumns)[number];

/** The filters and order of the list of functions, kept in the address. null = any. */
export type FunctionQuery = ListQuery<FunctionColumn> & {
  readonly namespace: string | null;
  readonly use: FunctionUseFilter | null;
};

/** Parses filters and order from an address; missing or invalid values get the default. */
export function parseFunctionQuery(params: URLSearchParams): FunctionQuery {
  return {
    ...parseListQuery(params, functionColumns),
    namespace: params.get('namespace') || null,
    use: parseOneOf(functionUses, params.get('use')),
  };
}

/** Writes filters and order into an address and keeps its other parameters; defaults are left out. */
export function writeFunctionQuery(params: URLSearchParams, query: FunctionQuery): URLSearchParams {
  const { namespace, use } = query;
  return writeListQuery(params, query, { namespace, use }, functionColumns);
}

/** Returns how a function is used: by a rule, by none since a rollback, or by none. */
function getUse({ ruleCount, leftBy }: ListedFunction): FunctionUseFilter {
  if (ruleCount > 0) return 'bound';
  return leftBy === null ? 'unused' : 'left';
}

/** Natural order of text with numbers: `web-9` before `web-10`. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** Returns the sort key of a column; numbers that could not be read sort first. */
function sortValue(fn: ListedFunction, column: FunctionColumn): string {
  switch (column) {
    case 'versions':
      return String(fn.versionCount);
    case 'aliases':
      return String(fn.aliasCount ?? '');
    case 'provisioned':
      return String(fn.provisioned?.allocated ?? '');
    case 'calls':
    case 'errors':
      return String(fn[column] ?? '');
    case 'use':
      return `${functionUses.indexOf(getUse(fn))} ${fn.ruleCount}`;
    default:
      return fn[column];
  }
}

/** Returns the functions that fit the filters, in their order. Every word of the search must be found. */
export function findFunctions<Listed extends ListedFunction>(
  all: readonly Listed[],
  { search, region, namespace, use, sort, descending }: FunctionQuery,
): readonly Listed[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const sign = descending ? -1 : 1;
  const path = (fn: ListedFunction) => `${fn.name} ${fn.namespace} ${fn.region}`;
  return all
    .filter((fn) => {
      if (region !== null && fn.region !== region) return false;
      if (namespace !== null && fn.namespace !== namespace) return false;
      // Functions left by a rollback are unused, too.
      if (use !== null && getUse(fn) !== use && !(use === 'unused' && fn.ruleCount === 0)) return false;
      const text = [path(fn), fn.runtime, fn.status, fn.leftBy?.runId ?? ''].join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((a, b) => sign * compare(sortValue(a, sort), sortValue(b, sort)) || compare(path(a), path(b)));
}
