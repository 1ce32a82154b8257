import 'server-only';
import type { ActionError } from '@/lib/contract/answer';
import type { Plan } from '@/lib/plan/model/model';
import { mayUseEverywhere, mayUseOn } from '@/lib/policy/access';
import type { Actor } from '@/lib/policy/actor';
import type { QueryName, VerbName } from '@/lib/policy/verbs';
import { ok, type Result } from '@/lib/result';
import { serverContext } from '@/lib/store/context';
import { readPlanFootprint } from '@/lib/store/read-footprint';
import { refuse } from '@/lib/store/refusal';

/**
 * Refuses a plan that is not stored yet if it touches something outside of the actor's limits: which load balancers and records
 * it writes is known only once it is made.
 */
export async function checkPlanAccess(
  { access }: Pick<Actor, 'access'>,
  operation: VerbName | QueryName,
  plan: Plan,
): Promise<Result<null, ActionError>> {
  if (mayUseEverywhere(access, operation)) return ok(null);
  const footprint = await readPlanFootprint((await serverContext()).database.db, plan);
  return mayUseOn(access, operation, footprint) ? ok(null) : refuse('scope.notPermitted');
}
