import type { ConnectionId } from '@/lib/estate/ids';
import { type AccountOf, findAccount } from '@/lib/estate/join-estates';
import type { Step } from '@/lib/plan/model/model';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';

const { pass, block, unknown } = createFindings('permissions', sources.cam);

/** Returns the cloud actions of a step; HTTP and DNS probes use no cloud API. */
function listActions(step: Step): readonly string[] {
  if (step.kind === 'write') {
    const action = `${step.call.service}:${step.call.action}`;
    // Writes on load balancers are tasks, which are polled until they end.
    return step.call.service === 'clb' ? [action, 'clb:DescribeTaskStatus'] : [action];
  }
  const isReady = step.kind === 'probe' && step.probe.kind === 'ready';
  return isReady ? ['scf:GetProvisionedConcurrencyConfig'] : [];
}

/** Returns the account whose key sends a step; HTTP and DNS probes need none. */
function ownerOfStep(step: Step): ConnectionId | undefined {
  if (step.kind === 'write') return step.object.connectionId;
  return step.kind === 'probe' && step.probe.kind === 'ready' ? step.probe.connectionId : undefined;
}

/** Returns the actions needed from each account's key; only the plan's own account where none are needed. */
function neededActions({
  steps,
  rollback,
}: CheckInput): ReadonlyMap<ConnectionId | undefined, readonly string[]> {
  const all = [...steps, ...rollback];
  const owners = new Set(all.length === 0 ? [undefined] : all.map(ownerOfStep));
  const actions = (owner: ConnectionId | undefined) =>
    new Set(all.filter((step) => ownerOfStep(step) === owner).flatMap(listActions));
  return new Map([...owners].map((owner) => [owner, [...actions(owner)].toSorted()]));
}

/**
 * Checks that the key may do all that the plan sends on apply and rollback: without its permissions a rollback is
 * impossible. Actions that depend on the resource or on a policy condition count as neither allowed nor denied.
 */
export const checkPermissions: Check = (input) =>
  [...neededActions(input)].flatMap(([owner, needed]) =>
    findingsOfKey(findAccount(input.estate, owner === undefined ? {} : { connectionId: owner }), needed),
  );

function findingsOfKey({ account }: AccountOf, needed: readonly string[]): readonly Finding[] {
  const { allowed, denied } = account.permissions;
  const refused = needed.filter((action) => denied.includes(action));
  const open = needed.filter((action) => !denied.includes(action) && !allowed?.includes(action));
  const about = (actions: readonly string[]) => ({
    field: null,
    objects: actions,
    values: { actions: actions.join(', '), count: actions.length, uin: account.uin },
  });
  const findings = [
    ...(refused.length > 0 ? [block({ ...about(refused), why: 'denied' })] : []),
    ...(open.length > 0 && allowed === null ? [unknown({ ...about(open), why: 'unread' })] : []),
    ...(open.length > 0 && allowed !== null ? [unknown({ ...about(open), why: 'byResource' })] : []),
  ];
  return findings.length > 0 ? findings : [pass({ ...about(needed), why: 'pass' })];
}
