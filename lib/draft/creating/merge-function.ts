import { z } from 'zod';
import { findFunction } from '@/lib/estate/look-up';
import { type Estate, ScfFunction } from '@/lib/estate/model';

/** The known facts of a function that has just been deployed. */
export const DeployedFunction = ScfFunction.pick({
  region: true,
  namespace: true,
  name: true,
  runtime: true,
  handler: true,
  memoryMb: true,
  timeoutS: true,
}).extend({ version: z.string(), alias: z.string().nullish(), at: z.string() });
export type DeployedFunction = z.infer<typeof DeployedFunction>;

/**
 * Returns the estate with a function that was deployed after the snapshot, so that a route can use it at once. A
 * snapshot that already has the version, and the alias to it, is returned unchanged.
 */
export function mergeFunction(estate: Estate, deployed: DeployedFunction): Estate {
  const known = findFunction(estate, deployed);
  const { version, alias = null, at, ...rest } = deployed;
  const isNamed =
    alias === null || known?.aliases?.some((each) => each.name === alias && each.version === version);
  if (known?.versions.includes(version) && isNamed) return estate;
  const others = (known?.aliases ?? []).filter(({ name }) => name !== alias);
  // Fields that only the next sync reads keep their known or unknown value.
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
