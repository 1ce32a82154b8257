import type { Measured, MeasuredRoute } from '@/lib/estate/measure';
import type { BoundFunction } from '@/lib/estate/model';
import type { Reader } from './call/caller';
import { toPercent } from './load-balancer-measures';
import { readMinutes } from './monitor/api';
import { lagOf, lastMinute, newestMinute } from './monitor/last-minute';
import { readAlias } from './scf/api';
import { readProvisioned } from './scf/concurrency-api';

type RoutedFunction = BoundFunction & { readonly region: string };

/** Returns the functions of the routes, each once. */
function listRoutedFunctions(
  routes: readonly MeasuredRoute[],
  keyOf: (fn: RoutedFunction) => string,
): readonly RoutedFunction[] {
  const all = routes.flatMap(({ region, functions }) => functions.map((fn) => ({ ...fn, region })));
  return [...new Map(all.map((fn) => [keyOf(fn), fn])).values()];
}

/**
 * Returns the requests that the functions refused in the last minute because their concurrency was used up, or because
 * instances could not be started that fast; null if monitoring shows no calls. It covers the whole function: its
 * versions share the concurrency. `Throttle` and `Invocation` are sums:
 * https://cloud.tencent.com/document/product/248/37207.
 */
export async function throttles(
  reader: Reader,
  routes: readonly MeasuredRoute[],
  now: number,
): Promise<Measured> {
  const functions = listRoutedFunctions(
    routes,
    ({ region, namespace, name }) => `${region}/${namespace}/${name}`,
  );
  const counts = await Promise.all(
    functions.map(async ({ region, namespace, name }) => {
      const dimensions = { functionName: name, namespace };
      const object = { region, namespace: 'QCE/SCF_V2', dimensions } as const;
      const [refused, calls] = await Promise.all([
        readMinutes(reader, [object], 'Throttle', now),
        readMinutes(reader, [object], 'Invocation', now),
      ]);
      const newest = newestMinute(calls);
      if (newest === null) return null;
      return { refused: lastMinute(refused, newest, now), lagMs: lagOf(calls, now) ?? 0 };
    }),
  );
  const known = counts.filter((count) => count !== null);
  if (known.length === 0) return { value: null, lagMs: null };
  return {
    // Rounded up: a fraction of a request is still one refused request.
    value: Math.ceil(known.reduce((sum, count) => sum + count.refused, 0)),
    lagMs: Math.max(...known.map(({ lagMs }) => lagMs)),
  };
}

/**
 * Returns how many instances of a function were busy at once, at most, in the newest minute with data; null if
 * monitoring shows none. `ConcurrentExecutions` is a maximum: https://cloud.tencent.com/document/product/248/37207.
 */
export async function concurrency(
  reader: Reader,
  { region, namespace, name }: Pick<RoutedFunction, 'region' | 'namespace' | 'name'>,
  now: number,
): Promise<Measured> {
  const object = { region, namespace: 'QCE/SCF_V2', dimensions: { functionName: name, namespace } } as const;
  const minutes = await readMinutes(reader, [object], 'ConcurrentExecutions', now);
  const newest = newestMinute(minutes);
  return { value: newest === null ? null : (minutes.get(newest) ?? null), lagMs: lagOf(minutes, now) };
}

/**
 * Returns the versions to check. Only versions have provisioned concurrency, `$LATEST` has none; an alias has that of
 * the versions it points at.
 */
async function listVersions(reader: Reader, fn: RoutedFunction): Promise<readonly string[]> {
  if (fn.qualifier === '$LATEST') return [];
  if (/^\d+$/.test(fn.qualifier)) return [fn.qualifier];
  const { version, weighted, matched } = await readAlias(reader, fn, fn.qualifier);
  return [version, ...weighted.map((each) => each.version), ...matched];
}

/** Returns the share of the provisioned concurrency that is not ready, in %; null if none is configured. */
export async function provisionedLost(reader: Reader, routes: readonly MeasuredRoute[]): Promise<Measured> {
  const functions = listRoutedFunctions(
    routes,
    ({ region, namespace, name, qualifier }) => `${region}/${namespace}/${name}:${qualifier}`,
  );
  const found = await Promise.all(
    functions.map(async (fn) => {
      const versions = await listVersions(reader, fn);
      if (versions.length === 0) return [];
      const settings = await readProvisioned(reader, fn);
      return settings.filter(({ qualifier }) => versions.includes(qualifier));
    }),
  );
  const settings = found.flat();
  const wanted = settings.reduce((sum, setting) => sum + setting.allocated, 0);
  const missing = settings.reduce(
    (sum, { allocated, available }) => sum + Math.max(0, allocated - available),
    0,
  );
  return { value: toPercent(missing, wanted), lagMs: 0 };
}
