import { createHash } from 'node:crypto';
import { taskFailedCode } from '@/lib/cloud/errors';
import type { Cloud } from '@/lib/cloud/port';
import { resolveIds, type WriteCall } from '@/lib/estate/call';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import type { RunEvent, RunId } from '@/lib/run/model/model';

/** The step that makes a load balancer, known by its region and name: a plan makes none twice. */
function makingStep(plan: Pick<Plan, 'steps'>, call: WriteCall): WriteStep | undefined {
  return plan.steps.find(
    (step): step is WriteStep =>
      step.kind === 'write' &&
      step.call.action === 'CreateLoadBalancer' &&
      step.call.region === call.region &&
      resolveIds(step.call, {}).call.params.LoadBalancerName === call.params.LoadBalancerName,
  );
}

/**
 * Counts how often the object that a step creates is known to be missing: its task failed, or a rollback deleted it.
 * Its next creation is a different one, and the same token would only return the earlier response.
 */
function timesGone({ revert }: Pick<Plan, 'revert'>, step: WriteStep, events: readonly RunEvent[]): number {
  const undoing = new Set(
    revert.flatMap((each) => (each.kind === 'write' && each.undoes === step.id ? [each.id] : [])),
  );
  return events.filter((event) => {
    if (event.type === 'callFailed')
      return event.direction === 'apply' && event.stepId === step.id && event.error.code === taskFailedCode;
    return event.type === 'stepDone' && event.direction === 'revert' && undoing.has(event.stepId);
  }).length;
}

/**
 * The cloud of a run, in which a load balancer that a step makes carries a `ClientToken` derived from run and step: a worker that
 * died between call and record sends it again, and gets the same load balancer instead of a second one that is billed and that
 * nobody knows of. ASCII, 64 characters at most:
 * https://cloud.tencent.com/document/api/214/30692
 */
export function withClientTokens<C extends Pick<Cloud, 'write'>>(
  cloud: C,
  {
    runId,
    plan,
    events,
  }: { readonly runId: RunId; readonly plan: Plan; readonly events: () => Promise<readonly RunEvent[]> },
): C {
  return {
    ...cloud,
    async write(call, isUnchanged) {
      const step = call.action === 'CreateLoadBalancer' ? makingStep(plan, call) : undefined;
      if (step === undefined) return cloud.write(call, isUnchanged);
      const made = [runId, step.id, timesGone(plan, step, await events())].join('/');
      const ClientToken = createHash('sha256').update(made).digest('hex');
      return cloud.write({ ...call, params: { ...call.params, ClientToken } }, isUnchanged);
    },
  } satisfies C;
}
