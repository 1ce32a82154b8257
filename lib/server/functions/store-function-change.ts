import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import { functionChanges } from '@/lib/db/schema';
import { type FunctionChange, FunctionId, listChangeActions } from '@/lib/estate/functions/function-change';
import { type FunctionUse, listFunctionUses } from '@/lib/estate/functions/function-use';
import { findFunction } from '@/lib/estate/look-up';
import type { Estate, ScfFunction } from '@/lib/estate/model';
import type { Actor } from '@/lib/policy/actor';
import { type ApprovalTarget, findMostApprovals } from '@/lib/policy/approval-rules';
import type { VerbName } from '@/lib/policy/verbs';
import { ok, type Result } from '@/lib/result';
import { findConnection } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';
import { readApprovalRules } from '@/lib/store/settings/read-approval-rules';
import { checkFunctionWrite } from './check-function-write';
import { readProvisionedRoom } from './read-provisioned-room';

/** Every change names its function and a reason. */
export const ChangeInput = FunctionId.extend({
  connectionId: z.string().min(1).max(200),
  reason: z.string().trim().min(1, 'reason.missing').max(500, 'reason.tooLong'),
});

/** Returns the scope of a verb about a function. */
export function getFunctionScope({
  connectionId,
  region,
  namespace,
  name,
}: z.infer<typeof FunctionId> & { readonly connectionId: string }) {
  return { connections: [connectionId], regions: [region], function: `${region}/${namespace}/${name}` };
}

/** The state against which a change is checked. */
export type ChangedFunction = {
  readonly estate: Estate;
  readonly fn: ScfFunction;
  readonly uses: readonly FunctionUse[];
  /** The most approvals that a plan over the function and the domains that call it may need. */
  readonly approvals: number;
};

function describeUses(uses: readonly FunctionUse[]): string {
  return uses.map(({ domain, url, qualifier }) => `${domain}${url} (${qualifier})`).join(', ');
}

/** Refuses to delete an object that a rule uses. */
export function refuseUsed(name: string, uses: readonly FunctionUse[]): Result<null, ActionError> {
  return uses.length === 0 ? ok(null) : refuse('function.used', { name, rules: describeUses(uses) });
}

/**
 * Refuses to change an alias that receives traffic where plans need approvals, because the change would bypass them.
 * Triggers with an unknown qualifier may call it, too.
 */
export function refuseUnapprovedMove(
  { fn, approvals }: Pick<ChangedFunction, 'fn' | 'approvals'>,
  alias: string,
): Result<null, ActionError> {
  const isLive =
    fn.triggers === null || fn.triggers.some(({ qualifier }) => qualifier === null || qualifier === alias);
  return approvals > 0 && isLive ? refuse('function.needsApproval', { alias, count: approvals }) : ok(null);
}

/** Refuses more warm instances than the function's reservation or region has memory for. */
export function refuseBeyondRoom(
  { estate, fn }: Pick<ChangedFunction, 'estate' | 'fn'>,
  more: number,
): Result<null, ActionError> {
  const { freeMb } = readProvisionedRoom(estate, fn);
  if (freeMb === null || more * fn.memoryMb <= freeMb) return ok(null);
  return refuse('function.noRoom', { needMb: more * fn.memoryMb, freeMb: Math.max(0, freeMb) });
}

/**
 * Stores a change of a function and submits it to the worker. The function must be in the newest snapshot; everything
 * that blocks changes blocks this one.
 * @param check may refuse for reasons of its own
 */
export async function storeFunctionChange(
  { connectionId, reason, ...id }: z.infer<typeof ChangeInput>,
  change: FunctionChange,
  actor: Actor,
  check: (found: ChangedFunction) => Result<null, ActionError> = () => ok(null),
): Promise<Result<{ changeId: string }, ActionError>> {
  const { database, engine } = await serverContext();
  const connection = await findConnection(connectionId);
  if (connection === null) return refuse('connection.gone', { id: connectionId });
  const estate = await newestEstate(database.db, connectionId);
  if (estate === null) return refuse('estate.never', { connection: connection.name });
  const { region, namespace, name } = id;
  const fn = findFunction(estate, { region, namespace, name });
  if (fn === undefined) return refuse('function.gone', { name });
  return exclusively(database.pool, async (decision) => {
    const deletes = ['delete', 'deleteVersion', 'deleteAlias'].includes(change.kind);
    const operation: VerbName = `function.${change.kind}`;
    const about = { actor, operation, connectionId, id, change, estate };
    const asked = { ...about, actions: listChangeActions(change), deletes };
    const allowed = await checkFunctionWrite(decision, asked);
    if (!allowed.ok) return allowed;
    const uses = listFunctionUses(estate, id);
    const targets = [null, ...uses.map(({ domain }) => domain)].map(
      (domain): ApprovalTarget => ({ kind: connection.kind, connectionId, region, domain }),
    );
    const approvals = findMostApprovals(await readApprovalRules(decision.db), targets);
    const checked = check({ estate, fn, uses, approvals });
    if (!checked.ok) return checked;
    const changeId = randomUUID();
    const row = { id: changeId, connectionId, region, namespace, name, change, reason };
    await decision.db.insert(functionChanges).values({ ...row, state: 'running', actor: actor.name });
    await engine.enqueueFunctionChange({ changeId }, decision.transaction);
    return ok({ changeId });
  });
}

/** Refuses a deletion if the typed name doesn't match the deleted object. */
export function checkTyped(typed: string, name: string): Result<null, ActionError> {
  return typed === name ? ok(null) : refuseFields({ typedName: ['typedName.differs'] });
}
