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
  const read = readFunctionKey(key);
  if (read === undefined || read.qualifier !== '') return read;
  const versions = findFunction(estate, { ...owned, ...read })?.versions ?? [];
  const [[newest]] = publishedFirst(versions);
  return { ...read, qualifier: newest ?? '$LATEST' };
}

/** Returns the choice behind a key, with an empty version if it has none; undefined if the text names no function. */
export function readFunctionKey(key: string): FunctionChoice | undefined {
  const [path = '', qualifier = ''] = key.split(':');
  const [region, namespace, name] = path.split('/');
  return region && namespace && name ? { region, namespace, name, qualifier } : undefined;
}
