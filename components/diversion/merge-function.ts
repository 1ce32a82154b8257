import { findFunction } from '@/lib/estate/look-up';
import { type Estate, ScfFunction } from '@/lib/estate/model';

/** What is known of a function that has just been deployed. */
export type DeployedFunction = Pick<
  ScfFunction,
  'region' | 'namespace' | 'name' | 'runtime' | 'handler' | 'memoryMb' | 'timeoutS'
> & { readonly version: string; readonly at: string };

/**
 * The estate with a function that was deployed after it was read, so that the lane can take it at once.
 * A snapshot that already has the version is returned as it is.
 */
export function mergeFunction(estate: Estate, deployed: DeployedFunction): Estate {
  const known = findFunction(estate, deployed);
  if (known?.versions.includes(deployed.version)) return estate;
  const { version, at, ...rest } = deployed;
  // What only the next sync reads stays as it is known, or unknown.
  const merged = ScfFunction.parse({
    ...known,
    ...rest,
    type: known?.type ?? 'Event',
    status: 'Active',
    modifiedAt: at,
    versions: ['$LATEST', version, ...(known?.versions ?? []).filter((v) => v !== '$LATEST')],
    clbTriggerCount: known?.clbTriggerCount ?? 0,
  });
  return { ...estate, functions: [...estate.functions.filter((fn) => fn !== known), merged] };
}
