import { findFunctionProblem } from '@/lib/draft/find-ineligible';
import { optionKey, publishedFirst } from '@/lib/draft/function-key';
import type { Estate, ScfFunction } from '@/lib/estate/model';
import type { Owned } from '@/lib/estate/owner';
import { markOption, type RouteOption } from './route-options';

/**
 * Returns each function with a version or an alias as one choice. Functions of `region` come first; the others stay in
 * the list, because choosing one shows the rule that forbids it. Functions of accounts other than the load balancer's
 * are left out, because none could be bound.
 */
export function functionOptions(
  estate: Pick<Estate, 'functions'>,
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
      ].map(({ value, label, hint }) => markOption({ value, label, hint }, findFunctionProblem(fn, region)));
    });
}
