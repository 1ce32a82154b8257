import type { Estate } from '@/lib/estate/model';
import type { Result } from '@/lib/result';
import type { Plan, Restore } from './model';
import { planDiversion } from './plan-diversion';
import { planRestore } from './plan-restore';

/**
 * A plan made again over an estate, in the way in which it was made: what its diversion asks for, or what brings the
 * objects back that it restores.
 * @param keepAliveS how long clients may keep a connection open, in seconds.
 * @returns the plan, or what keeps it from being made
 */
export function planAnew(
  { diversion, restores }: Pick<Plan, 'diversion'> & { readonly restores?: readonly Restore[] | undefined },
  estate: Estate,
  keepAliveS: number,
): Result<Plan, readonly unknown[]> {
  return restores === undefined
    ? planDiversion({ estate, diversion, keepAliveS })
    : planRestore({ estate, diversion, restores, keepAliveS });
}
