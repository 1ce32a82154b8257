import { CloudError } from '@/lib/cloud/errors';
import type { Reading } from '@/lib/cloud/port';
import { resolveIds } from '@/lib/estate/call';
import { isAbsent, type LoadBalancerRef, noListener, type OwnLoadBalancerRef } from '@/lib/estate/object';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import { createdLoadBalancer, findDoubt } from '@/lib/run/model/history';
import type { RunEvent } from '@/lib/run/model/model';
import { collectPlaceholders } from '@/lib/run/model/placeholders';
import { type RunCloud, recordAccepted, recordEvent, type StepContext } from './step-context';

/*
 * Under the name of a load balancer or listener that a run has made, nothing but that very one counts. When it is gone and
 * somebody has made another one of its name, ours is gone, and theirs is not ours to delete.
 */

/** The step that has made what a step is about: itself, or the one that it undoes; undefined where it is about nothing made. */
function makerOf(step: WriteStep, plan: Plan): WriteStep | undefined {
  const maker = step.undoes === null ? step : plan.steps.find(({ id }) => id === step.undoes);
  return maker?.kind === 'write' && maker.yields !== undefined ? maker : undefined;
}

function idOf(name: 'LoadBalancerId' | 'ListenerId', maker: WriteStep, events: readonly RunEvent[]) {
  return collectPlaceholders(events).get(maker.yields?.[name] ?? '');
}

/**
 * A load balancer by the id that the call which made it has answered, never by its name alone. While a run has not made it
 * yet, whatever has the name is somebody else's. A call whose answer is lost is sent again with its `ClientToken`, once
 * something has the name: the cloud answers with the same id, and makes none beside it.
 * @param mayResend false for a look that may send nothing
 */
function ownLoadBalancer(
  maker: WriteStep,
  ref: LoadBalancerRef,
  cloud: RunCloud,
  context: StepContext,
  events: readonly RunEvent[],
  mayResend: boolean,
): RunCloud {
  let id = idOf('LoadBalancerId', maker, events) ?? createdLoadBalancer(maker, events);
  let mayBeMade = findDoubt(maker, events, 'apply') !== null;
  const byId = (known: string) => cloud.read({ ...ref, id: known } satisfies OwnLoadBalancerRef);
  const resend = async (): Promise<string | null> => {
    const { call } = resolveIds(maker.call, {});
    const forward: StepContext = { ...context, direction: 'apply' };
    await recordEvent(forward, {
      type: 'intent',
      stepId: maker.id,
      action: call.action,
      attempt: context.attempt,
    });
    const receipt = await cloud.write(call);
    await recordAccepted(forward, maker, receipt);
    return receipt.loadBalancerId;
  };
  const read = async (): Promise<Reading> => {
    if (id !== undefined) return byId(id);
    const named = await cloud.read(ref);
    if (isAbsent(named.state)) return named;
    if (!mayBeMade || !mayResend) return { ...named, isForeign: true };
    id = (await resend()) ?? undefined;
    return id === undefined ? { ...named, isForeign: true } : byId(id);
  };
  const write: RunCloud['write'] = async (call, isUnchanged) => {
    try {
      const receipt = await cloud.write(call, isUnchanged);
      if (call.action === 'CreateLoadBalancer') id = receipt.loadBalancerId ?? undefined;
      return receipt;
    } catch (cause) {
      mayBeMade ||= !(cause instanceof CloudError) || cause.data.mayHaveHappened;
      throw cause;
    }
  };
  return { ...cloud, read, write };
}

/** A listener by the id that the run knows of it. */
function ownListener(maker: WriteStep, cloud: RunCloud, events: readonly RunEvent[]): RunCloud {
  const known = idOf('ListenerId', maker, events);
  if (known === undefined) return cloud;
  const read: RunCloud['read'] = async (ref) => {
    const reading = await cloud.read(ref);
    return reading.ids.ListenerId === known ? reading : { state: noListener, ids: {}, at: reading.at };
  };
  return { ...cloud, read };
}

/**
 * Returns the cloud of a step as this run sees it: of what it makes, or has made, its own alone.
 * @param mayResend whether a read may find out, by its `ClientToken`, what a call has made whose answer is lost
 */
export function ownOnly(
  step: WriteStep,
  cloud: RunCloud,
  context: StepContext,
  events: readonly RunEvent[],
  mayResend: boolean,
): RunCloud {
  const maker = makerOf(step, context.plan);
  if (maker === undefined) return cloud;
  return step.object.kind === 'loadBalancer'
    ? ownLoadBalancer(maker, step.object, cloud, context, events, mayResend)
    : ownListener(maker, cloud, events);
}
