import type { ScfFunction } from '@/lib/estate/model';
import type { AliasTarget } from './function-change';

/** Returns the versions of an alias in the form in which changes name them; null = the function has no such alias. */
export function readAliasTarget(fn: Pick<ScfFunction, 'aliases'>, name: string): AliasTarget | null {
  const alias = fn.aliases?.find((each) => each.name === name);
  if (alias === undefined) return null;
  const { version, additional } = alias;
  return {
    version,
    additional: additional && { version: additional.version, percent: Math.round(additional.weight * 100) },
  };
}
