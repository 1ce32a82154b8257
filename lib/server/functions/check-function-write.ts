import type { ActionError } from '@/lib/contract/answer';
import { findFreeze } from '@/lib/diversion/freeze-times';
import { functionRoutes } from '@/lib/diversion/routes';
import type { FunctionChange, FunctionId } from '@/lib/estate/functions/function-change';
import { listFunctionUses } from '@/lib/estate/functions/function-use';
import type { Estate } from '@/lib/estate/model';
import { mayUseOn } from '@/lib/policy/access';
import type { Actor } from '@/lib/policy/actor';
import type { VerbName } from '@/lib/policy/verbs';
import { ok, type Result } from '@/lib/result';
import { busyObjects } from '@/lib/run/model/busy-objects';
import type { RunRecord } from '@/lib/run/model/fold-run';
import { judgeFunctionChange } from '@/lib/safety/judge-change';
import { violationValues } from '@/lib/safety/safety-facts';
import { noPlan, readRuleFacts, readSafetyRules } from '@/lib/store/plans/read-rule-facts';
import { refuse } from '@/lib/store/refusal';
import type { Decision } from '@/lib/store/runs/exclusively';
import { readAccountConnections } from '@/lib/store/runs/read-account-connections';
import { readFreezes } from '@/lib/store/settings/read-freezes';

type Asked = {
  readonly actor: Actor;
  readonly operation: VerbName;
  readonly connectionId: string;
  readonly id: FunctionId;
  /** The newest snapshot of the connection; null before the first sync. */
  readonly estate: Estate | null;
  /** null = a deployment. */
  readonly change: FunctionChange | null;
  /** The cloud actions that it may send, as `service:Action`. */
  readonly actions: readonly string[];
  /** Set to count runs that have not started, too: they would not find the function. */
  readonly deletes: boolean;
};

/**
 * Returns whether a run's diversion routes traffic to a function of these connections, which belong to one account. In a
 * diversion that spans accounts, the function may be in any of them.
 */
function leadsToFunction({ plan }: RunRecord, connections: readonly string[], id: FunctionId): boolean {
  const { diversion } = plan;
  if (![plan.connectionId, ...diversion.connections].some((each) => connections.includes(each))) return false;
  return functionRoutes(diversion).some(
    ({ route: { function: fn } }) =>
      fn.region === id.region && fn.namespace === id.namespace && fn.name === id.name,
  );
}

/**
 * Checks whether a function may be written to now: the limits of the actor's roles cover the domains that lead to it, changes are not paused, no change freeze is in force, the key may
 * call the actions, no run uses the function, and no safety rule refuses it. Used for deployments and changes of functions.
 */
export async function checkFunctionWrite(
  { db, runs, stop }: Pick<Decision, 'db' | 'runs' | 'stop'>,
  { actor, operation, connectionId, id, change, estate, actions, deletes }: Asked,
): Promise<Result<null, ActionError>> {
  const uses = estate === null ? [] : listFunctionUses(estate, id);
  const domains = uses.map(({ domain }) => domain);
  const touched = { connections: [connectionId], regions: [id.region], domains };
  if (!mayUseOn(actor.access, operation, touched)) return refuse('scope.notPermitted');
  if (stop !== null) return refuse('emergencyStop.stopped', { actor: stop.actor, reason: stop.reason });
  const now = new Date().toISOString();
  const freeze = findFreeze(await readFreezes(db), now, now);
  if (freeze !== null) return refuse('function.frozen', { freeze: freeze.name });
  const denied = actions.find((action) => estate?.account.permissions.denied.includes(action));
  if (denied !== undefined) return refuse('function.denied', { action: denied });
  const accounts = await readAccountConnections(db);
  const run = runs.find(
    (each) => leadsToFunction(each, accounts(connectionId), id) && (deletes || busyObjects(each).length > 0),
  );
  if (run !== undefined) return refuse('function.busy', { run: run.id, name: id.name });
  const facts = await readRuleFacts(db, await readSafetyRules(db), noPlan);
  const [violated] = judgeFunctionChange({ connectionId, id, change, estate, at: Date.now() }, facts);
  return violated === undefined ? ok(null) : refuse('plan.safetyRule', violationValues(violated));
}
