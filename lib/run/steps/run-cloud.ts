import type { Reading } from '@/lib/cloud/port';
import type { WriteCall } from '@/lib/estate/call';
import type { ObjectRef, OwnLoadBalancerRef } from '@/lib/estate/object';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import type { RunEvent, RunId } from '@/lib/run/model/model';
import { withClientTokens } from './client-token';
import { type Accounts, joinedCloud, type RunsCloud } from './joined-cloud';
import { withoutKeptWeights } from './kept-weights';
import { ownOnly } from './own-only';
import { type Round, retriedCloud } from './retries';
import type { RunCloud, StepContext } from './step-context';

/*
 * What a call of a run passes on its way to the account. This file alone puts these together, in this order, outermost first.
 * `stepCloud` adds 1 to 3 for each round of a step, `runCloud` adds 4 to 6 for each execution of a run.
 *
 * 1. Kept weights: a weight that DNSPod has kept although it should be gone must not read as a foreign change.
 * 2. Own objects: an object that only has the name of one that the run made is somebody else's, and not ours to change.
 * 3. Retries: a read or wait outlasts a transient failure. Below 1 and 2, so that each read that they need is retried, too.
 * 4. Fence: an execution that another worker has replaced writes no more. Compared last, right before the call is sent.
 * 5. Client tokens: a creation that is sent again after a lost answer makes no second, billed object.
 * 6. Accounts: each object of a plan that spans accounts is read and written with the keys of its own account.
 * 7. The adapter (`lib/cloud/tencent`): one queue for each load balancer, rate limits, and errors of one form.
 */

/** The cloud of one round of a step. */
export type StepCloud = RunCloud & {
  /** Reads once, without retries and without sending anything: for the last look before a write, while others wait. */
  readonly readOnce: (ref: ObjectRef | OwnLoadBalancerRef) => Promise<Reading>;
};

/**
 * Returns the cloud for one round of a step; see the list at the top of this file.
 * @param events the journal before the round
 */
export function stepCloud(
  step: WriteStep,
  round: Round,
  context: StepContext,
  events: readonly RunEvent[],
): StepCloud {
  const above = (cloud: RunCloud, mayResend: boolean) =>
    withoutKeptWeights(step, ownOnly(step, cloud, context, events, mayResend), context, events);
  const { read: readOnce } = above(context.cloud, false);
  return { ...above(retriedCloud(round, context), true), readOnce };
}

/** Lets only the latest execution write: `confirm` throws for any other, after the object has been read in the write's turn. */
export function fencedCloud(cloud: RunCloud, confirm: (call: WriteCall) => Promise<void>): RunCloud {
  return {
    read: (ref) => cloud.read(ref),
    wait: (receipt) => cloud.wait(receipt),
    write: (call, isUnchanged = async () => true) =>
      cloud.write(call, async () => {
        const unchanged = await isUnchanged();
        await confirm(call);
        return unchanged;
      }),
  };
}

/**
 * Returns the cloud for one execution of a run, see the list at the top of this file, and its accounts, of which measures are read.
 * @param confirm throws where a newer execution has claimed the run
 */
export function runCloud(
  accounts: Accounts,
  run: { readonly runId: RunId; readonly plan: Plan; readonly events: () => Promise<readonly RunEvent[]> },
  confirm: () => Promise<void>,
): { readonly cloud: RunCloud; readonly joined: RunsCloud } {
  const joined = joinedCloud(accounts);
  return { joined, cloud: fencedCloud(withClientTokens(joined, run), confirm) };
}
