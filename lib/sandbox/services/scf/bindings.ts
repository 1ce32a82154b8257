import { ApiError } from '@/lib/sandbox/model/api-error';
import type { WorldFunction } from '../../world/scf';
import type { ActionContext } from '../action';
import { clbTriggers } from './clb-triggers';

/**
 * Refuses to delete what a load balancer is bound to. What happens to a load balancer's rule when its function is
 * deleted is not documented: the assumption decides whether the deletion is refused, or the rule stays and its requests
 * fail.
 * @param qualifier only the rules that name this version or alias; null = all of the function
 * @throws ApiError with the action's code
 */
export function requireUnbound(
  fn: WorldFunction,
  qualifier: string | null,
  code: string,
  { account, assumptions }: ActionContext,
): void {
  if (assumptions.get('function.deleteBound') === 'leave') return;
  const bound = clbTriggers(account, fn).find(
    (trigger) => qualifier === null || trigger.Qualifier === qualifier,
  );
  if (!bound) return;
  const what = qualifier === null ? '' : ` (${qualifier})`;
  throw new ApiError(
    code,
    `The function ${fn.name}${what} is bound to the rule ${bound.ResourceId}; unbind it there first.`,
  );
}
