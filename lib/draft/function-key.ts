import type { FunctionChoice } from '@/lib/diversion/route';
import { findFunction } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { Owned } from '@/lib/estate/owner';

/** Returns published versions and `$LATEST` apart: published ones are immutable, so they are the better choice. */
export function publishedFirst(versions: readonly string[]): readonly [readonly string[], readonly string[]] {
  return [versions.filter((v) => v !== '$LATEST'), versions.filter((v) => v === '$LATEST')];
}

/** Encodes a function choice as one text; no part of it may contain a slash or a colon. */
export function optionKey(choice: FunctionChoice): string {
  return choice.name === '' ? '' : `${choice.region}/${choice.namespace}/${choice.name}:${choice.qualifier}`;
}

/**
 * Returns the choice behind a key. A key without a version means the newest published one, or `$LATEST` if there is
 * none; undefined if the text names no function.
 */
export function parseFunctionKey(estate: Estate, key: string, owned: Owned = {}): FunctionChoice | undefined {
  const [path = '', given] = key.split(':');
  const [region, namespace, name] = path.split('/');
  if (!region || !namespace || !name) return undefined;
  const versions = findFunction(estate, { ...owned, region, namespace, name })?.versions ?? [];
  const [[newest]] = publishedFirst(versions);
  return { region, namespace, name, qualifier: given ?? newest ?? '$LATEST' };
}
