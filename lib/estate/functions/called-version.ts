import type { FunctionAlias, ScfFunction } from '@/lib/estate/model';

/**
 * Returns the version that a call of a qualifier runs. A number or `$LATEST` is a version itself; an alias points at
 * one or two, then written as `1+2`. null = there is no such alias, or aliases were not read.
 */
export function usesFunction(fn: Pick<ScfFunction, 'aliases'>, qualifier: string): string | null {
  if (qualifier === '$LATEST' || /^\d+$/.test(qualifier)) return qualifier;
  const alias: FunctionAlias | undefined = fn.aliases?.find(({ name }) => name === qualifier);
  if (alias === undefined) return null;
  return alias.additional === null ? alias.version : `${alias.version}+${alias.additional.version}`;
}
