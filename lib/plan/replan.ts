import type { Estate } from '@/lib/estate/model';
import type { Result } from '@/lib/result';
import type { OriginalTtl, Plan, Restore } from './model/model';
import { planDiversion } from './plan-diversion';
import { planRestore } from './plan-restore';

/**
 * Re-plans over an estate in the same way as the original plan: from its diversion, or from the objects that it
 * restores.
 * @param keepAliveS the time for which clients may keep a connection open, in seconds
 * @returns the plan, or the problems that prevent it
 */
export function replan(
  {
    diversion,
    restores,
    originalTtls,
  }: Pick<Plan, 'diversion'> & {
    readonly restores?: readonly Restore[] | undefined;
    readonly originalTtls?: readonly OriginalTtl[] | undefined;
  },
  estate: Estate,
  keepAliveS: number,
): Result<Plan, readonly unknown[]> {
  return restores === undefined
    ? planDiversion({ estate, diversion, originalTtls, keepAliveS })
    : planRestore({ estate, diversion, restores, originalTtls, keepAliveS });
}
