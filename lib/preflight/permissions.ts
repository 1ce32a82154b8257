import type { Step } from '@/lib/plan/model';
import { findingsOf, sources } from './finding';
import type { Check, CheckInput } from './model';

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

function neededActions({ steps, revert }: CheckInput): readonly string[] {
  return [...new Set([...steps, ...revert].flatMap(actionsOf))].toSorted();
}

/**
 * The key may do all that the plan sends, there and back: a way back that the key can't go is none. What depends on the
 * resource or on a condition of a policy is neither allowed nor refused for all.
 */
export const checkPermissions: Check = (input) => {
  const needed = neededActions(input);
  const { allowed, denied } = input.estate.account.permissions;
  const refused = needed.filter((action) => denied.includes(action));
  const open = needed.filter((action) => !denied.includes(action) && !allowed?.includes(action));
  const about = (actions: readonly string[]) => ({
    ...{ field: null, objects: actions },
    values: { actions: actions.join(', '), count: actions.length },
  });
  const findings = [
    ...(refused.length > 0 ? [block({ ...about(refused), why: 'denied' })] : []),
    ...(open.length > 0 && allowed === null ? [unknown({ ...about(open), why: 'unread' })] : []),
    ...(open.length > 0 && allowed !== null ? [unknown({ ...about(open), why: 'byResource' })] : []),
  ];
  return findings.length > 0 ? findings : [pass({ ...about(needed), why: 'pass' })];
};
