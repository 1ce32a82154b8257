import { findFunction } from '@/lib/estate/look-up';
import { type Estate, ScfFunction } from '@/lib/estate/model';

/** What is known of a function that has just been deployed. */
export type DeployedFunction = Pick<
  ScfFunction,
  'region' | 'namespace' | 'name' | 'runtime' | 'handler' | 'memoryMb' | 'timeoutS'
> & { readonly version: string; readonly alias?: string | null; readonly at: string };

/**
 * The estate with a function that was deployed after it was read, so that a route can take it at once.
 * A snapshot that already has the version, and the alias to it, is returned as it is.
 */
export function mergeFunction(estate: Estate, deployed: DeployedFunction): Estate {
  const known = findFunction(estate, deployed);
  const { version, alias = null, at, ...rest } = deployed;
  const isNamed =
    alias === null || known?.aliases?.some((each) => each.name === alias && each.version === version);
  if (known?.versions.includes(version) && isNamed) return estate;
  const others = (known?.aliases ?? []).filter(({ name }) => name !== alias);
  // What only the next sync reads stays as it is known, or unknown.
  const merged = ScfFunction.parse({
    ...known,
    ...rest,
    type: known?.type ?? 'Event',
    status: 'Active',
    modifiedAt: at,
    versions: [...new Set(['$LATEST', version, ...(known?.versions ?? [])])],
    ...(alias === null ? {} : { aliases: [...others, { name: alias, version, additional: null }] }),
    clbTriggerCount: known?.clbTriggerCount ?? 0,
  });
  return { ...estate, functions: [...estate.functions.filter((fn) => fn !== known), merged] };
}
