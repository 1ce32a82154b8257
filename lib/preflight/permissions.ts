import type { ConnectionId } from '@/lib/estate/ids';
import { type AccountOf, accountOf } from '@/lib/estate/join-estates';
import type { Step } from '@/lib/plan/model';
import { findingsOf, sources } from './finding';
import type { Check, CheckInput, Finding } from './model';

const { pass, block, unknown } = findingsOf('permissions', sources.cam);

/** What a step asks of the cloud; probes by HTTP and DNS ask nothing of its API. */
function actionsOf(step: Step): readonly string[] {
  if (step.kind === 'write') {
    const action = `${step.call.service}:${step.call.action}`;
    // Writes on load balancers are tasks, which are followed to their end.
    return step.call.service === 'clb' ? [action, 'clb:DescribeTaskStatus'] : [action];
  }
  const isReady = step.kind === 'probe' && step.probe.kind === 'ready';
  return isReady ? ['scf:GetProvisionedConcurrencyConfig'] : [];
}

/** Whose key sends a step; probes by HTTP and DNS are nobody's. */
function ownerOfStep(step: Step): ConnectionId | undefined {
  if (step.kind === 'write') return step.object.connectionId;
  return step.kind === 'probe' && step.probe.kind === 'ready' ? step.probe.connectionId : undefined;
}

/** What each account's key is asked for; the plan's own where there is nothing to ask for. */
function neededActions({
  steps,
  revert,
}: CheckInput): ReadonlyMap<ConnectionId | undefined, readonly string[]> {
  const all = [...steps, ...revert];
  const owners = new Set(all.length === 0 ? [undefined] : all.map(ownerOfStep));
  const actions = (owner: ConnectionId | undefined) =>
    new Set(all.filter((step) => ownerOfStep(step) === owner).flatMap(actionsOf));
  return new Map([...owners].map((owner) => [owner, [...actions(owner)].toSorted()]));
}

/**
 * The key may do all that the plan sends, there and back: a way back that the key can't go is none. What depends on the
 * resource or on a condition of a policy is neither allowed nor refused for all.
 */
export const checkPermissions: Check = (input) =>
  [...neededActions(input)].flatMap(([owner, needed]) =>
    findingsOfKey(accountOf(input.estate, owner === undefined ? {} : { connectionId: owner }), needed),
  );

function findingsOfKey({ account }: AccountOf, needed: readonly string[]): readonly Finding[] {
  const { allowed, denied } = account.permissions;
  const refused = needed.filter((action) => denied.includes(action));
  const open = needed.filter((action) => !denied.includes(action) && !allowed?.includes(action));
  const about = (actions: readonly string[]) => ({
    ...{ field: null, objects: actions },
    values: { actions: actions.join(', '), count: actions.length, uin: account.uin },
  });
  const findings = [
    ...(refused.length > 0 ? [block({ ...about(refused), why: 'denied' })] : []),
    ...(open.length > 0 && allowed === null ? [unknown({ ...about(open), why: 'unread' })] : []),
    ...(open.length > 0 && allowed !== null ? [unknown({ ...about(open), why: 'byResource' })] : []),
  ];
  return findings.length > 0 ? findings : [pass({ ...about(needed), why: 'pass' })];
}
