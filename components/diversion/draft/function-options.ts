import type { FunctionChoice } from '@/lib/diversion/route';
import { findFunction } from '@/lib/estate/look-up';
import type { Estate, ScfFunction } from '@/lib/estate/model';
import type { Owned } from '@/lib/estate/owner';
import type { RouteOption } from './route-options';

/**
 * Returns each function with a version or an alias as one choice. Functions of `region` come first; the others stay in
 * the list, because choosing one shows the rule that forbids it. Functions of accounts other than the load balancer's
 * are left out, because none could be bound.
 */
export function functionOptions(
  estate: Estate,
  region: string | undefined,
  owned: Owned = {},
): readonly RouteOption[] {
  const rank = (fn: ScfFunction) => (fn.region === region ? 0 : 1);
  return estate.functions
    .filter(({ connectionId }) => connectionId === owned.connectionId)
    .sort((a, b) => rank(a) - rank(b) || a.region.localeCompare(b.region) || a.name.localeCompare(b.name))
    .flatMap((fn) => {
      const option = (qualifier: string, label: string): RouteOption => ({
        value: optionKey({ ...fn, qualifier }),
        label: `${fn.namespace}/${fn.name}:${label}`,
        hint: `${fn.type}, ${fn.memoryMb} MB, ${fn.region}`,
      });
      const [published, latest] = publishedFirst(fn.versions);
      const aliases = (fn.aliases ?? []).map(({ name, version }) => ({
        ...option(name, `${name} → ${version}`),
        isOfLatest: version === '$LATEST',
      }));
      return [
        ...published.map((version) => option(version, version)),
        ...aliases.filter(({ isOfLatest }) => !isOfLatest),
        ...latest.map((version) => option(version, version)),
        ...aliases.filter(({ isOfLatest }) => isOfLatest),
      ].map(({ value, label, hint }) => ({ value, label, hint }));
    });
}

/** Published versions are immutable, so they are a better choice than `$LATEST`. */
function publishedFirst(versions: readonly string[]): readonly [readonly string[], readonly string[]] {
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
