import type { WorldAlias } from '@/lib/sandbox/world/scf';

/** Parses `(a,b)` or `[a,b]` of whole numbers to the first and last whole number in it; null if it has another form. */
export function parseRange(expression: string): { first: number; last: number } | null {
  const [, open, from, to, close] = /^([([])\s*(-?\d+)\s*,\s*(-?\d+)\s*([)\]])$/.exec(expression) ?? [];
  const paired = (open === '(' && close === ')') || (open === '[' && close === ']');
  if (!paired) return null;
  const inner = open === '(' ? 1 : 0;
  return { first: Number(from) + inner, last: Number(to) - inner };
}

/**
 * Returns the version that a call's routing key selects at an alias; null when its rule does not match. A rule for
 * `invoke.headers.User` uses the entry `User`: https://cloud.tencent.com/document/api/583/17244#VersionMatch.
 */
export function routeByKey(
  { match }: Pick<WorldAlias, 'match'>,
  key: Readonly<Record<string, string>>,
): string | null {
  if (match === null) return null;
  const name = match.key.replace(/^invoke\.headers\./, '');
  const value = Object.hasOwn(key, name) ? key[name] : undefined;
  if (value === undefined) return null;
  if (match.method === 'exact') return value === match.expression ? match.version : null;
  const range = parseRange(match.expression);
  const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  return range && number >= range.first && number <= range.last ? match.version : null;
}
