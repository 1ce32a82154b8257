import { createHash } from 'node:crypto';
import { CloudError, taskFailedCode } from '@/lib/cloud/errors';
import type { Cloud, Reading } from '@/lib/cloud/port';
import { resolveIds, type WriteCall } from '@/lib/estate/call';
import { groupBy } from '@/lib/estate/look-up';
import type { LoadBalancerRef, ObjectRef, OwnLoadBalancerRef } from '@/lib/estate/object';
import { isAbsent, noListener } from '@/lib/estate/object-state';
import type { Owned } from '@/lib/estate/owner';
import type { Prober } from '@/lib/estate/probe';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import { createdLoadBalancer, findDoubt } from '@/lib/run/model/history';
import type { RunEvent } from '@/lib/run/model/model';
import { collectPlaceholders } from '@/lib/run/model/placeholders';
import type { RunId } from '@/lib/run/model/run-id';
import { withoutKeptWeights } from './kept-weights';
import { type Round, retriedCloud } from './retries';
import { type RunCloud, recordAccepted, recordEvent, type StepContext } from './step-context';

/*
 * The layers between a call of a run and the account. Only this file composes them, in this order, outermost first.
 * `stepCloud` adds 1 to 3 for each round of a step, `runCloud` adds 4 to 6 for each execution of a run.
 *
 * 1. Kept weights: a weight that DNSPod has kept although it should be gone must not read as a foreign change.
 * 2. Own objects: an object that only shares the name of one that the run created is foreign, and must not be changed.
 * 3. Retries: a read or wait outlasts a transient failure. Below 1 and 2, so that their reads are retried, too.
 * 4. Fence: an execution that was replaced by another worker writes no more. Checked last, right before the call is
 * sent.
 * 5. Client tokens: a creation that is sent again after a lost response creates no second, billed object.
 * 6. Accounts: each object of a plan that spans accounts is read and written with the keys of its own account.
 * 7. The adapter (`lib/cloud/tencent`): one queue for each load balancer, rate limits, and uniform errors.
 */

/** The cloud of one round of a step. */
export type StepCloud = RunCloud & {
  /** Reads once, without retries and without sending anything: for the last read before a write, while others wait. */
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

/** The parts of a cloud that runs need. */
type RunsCloud = Pick<Cloud, 'read' | 'write' | 'wait' | 'measure' | 'requestRate' | 'routeRate'>;

type Accounts = {
  /** The plan's own connection. */
  readonly own: string;
  readonly cloudOf: (connectionId: string) => RunsCloud;
};

/**
 * Returns the cloud for one execution of a run, see the list at the top of this file, and its accounts, from which
 * measures are read.
 * @param confirm throws if a newer execution has claimed the run
 */
export function runCloud(
  accounts: Accounts,
  run: { readonly runId: RunId; readonly plan: Plan; readonly events: () => Promise<readonly RunEvent[]> },
  confirm: () => Promise<void>,
): { readonly cloud: RunCloud; readonly joined: RunsCloud } {
  const joined = joinedCloud(accounts);
  return { joined, cloud: fencedCloud(withClientTokens(joined, run), confirm) };
}

/*
 * The name of a load balancer or listener that a run has created refers only to that object. If it was deleted and
 * another one of its name exists, ours no longer exists, and the other one must not be deleted.
 */

/**
 * The step that has created the object of a step: itself, or the one that it undoes; undefined if the object was not
 * created by the run.
 */
function makerOf(step: WriteStep, plan: Plan): WriteStep | undefined {
  const maker = step.undoes === null ? step : plan.steps.find(({ id }) => id === step.undoes);
  return maker?.kind === 'write' && maker.yields !== undefined ? maker : undefined;
}

function idOf(name: 'LoadBalancerId' | 'ListenerId', maker: WriteStep, events: readonly RunEvent[]) {
  return collectPlaceholders(events).get(maker.yields?.[name] ?? '');
}

/**
 * Finds a load balancer by the id in the response of the call that created it, never by its name alone. Until the run
 * has created it, any load balancer of that name is foreign. If the response was lost and a load balancer of that name
 * exists, the call is sent again with its `ClientToken`: the cloud returns the same id, and creates no second one.
 * @param mayResend false for a read that must not send anything
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

/** Finds a listener by its recorded id. */
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
 * Returns the cloud of a step as this run sees it: of the objects that it creates, only its own.
 * @param mayResend true if a read may send a call with a lost response again, with its `ClientToken`, to get the id
 */
function ownOnly(
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

/** A confirmation that took longer, in ms, has waited for the database: what was checked before it is outdated. */
const confirmedSoonMs = 1000;

/**
 * Lets only the latest execution write: `confirm` throws for any other, after the object has been read in the write's
 * turn. If it had to wait, the object and T1 are checked again.
 */
export function fencedCloud(
  cloud: RunCloud,
  confirm: (call: WriteCall) => Promise<void>,
  now: () => number = () => performance.now(),
): RunCloud {
  return {
    read: (ref) => cloud.read(ref),
    wait: (receipt) => cloud.wait(receipt),
    write: (call, isUnchanged = async () => true) =>
      cloud.write(call, async () => {
        for (;;) {
          if (!(await isUnchanged())) return false;
          const began = now();
          await confirm(call);
          if (now() - began <= confirmedSoonMs) return true;
        }
      }),
  };
}

/** The step that creates a load balancer, identified by its region and name, which are unique within a plan. */
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
 * Its next creation needs another token, because the same one would only return the earlier response.
 */
function timesGone(
  { rollback }: Pick<Plan, 'rollback'>,
  step: WriteStep,
  events: readonly RunEvent[],
): number {
  const undoing = new Set(
    rollback.flatMap((each) => (each.kind === 'write' && each.undoes === step.id ? [each.id] : [])),
  );
  return events.filter((event) => {
    if (event.type === 'callFailed')
      return event.direction === 'apply' && event.stepId === step.id && event.error.code === taskFailedCode;
    return event.type === 'stepDone' && event.direction === 'rollback' && undoing.has(event.stepId);
  }).length;
}

/**
 * The cloud of a run, in which the creation of a load balancer has a `ClientToken` derived from run and step. After a
 * crash between call and record, the worker sends it again and gets the same load balancer, instead of a second,
 * unknown one that is billed. ASCII, 64 characters at most: https://cloud.tencent.com/document/api/214/30692
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

/** Returns the highest known value; null if none is known. */
function worst(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Returns the sum of the known values; null if none is known. */
function sumKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** Returns the mean of shares, each weighed by its requests; null if those of a share are not known. */
function meanByRequests(
  shares: readonly { readonly value: number | null; readonly perSecond: number | null }[],
): number | null {
  let [all, failed] = [0, 0];
  for (const { value, perSecond } of shares) {
    // An account without requests has no share.
    if (value === null) continue;
    if (perSecond === null) return null;
    all += perSecond;
    failed += perSecond * value;
  }
  return all === 0 ? null : failed / all;
}

/**
 * Joins the clouds of a plan that spans accounts: each object is read and written in its own account. A measure taken in
 * several accounts is as it would be in one: requests are added, and error rates are weighed by them. Of the shares of
 * targets and instances, which have no requests, the worst counts. A rate is unknown if the key of an account may not
 * read it; an account without data counts as one without requests, as a load balancer of one account does.
 */
export function joinedCloud({ own, cloudOf }: Accounts): RunsCloud {
  const cloudFor = ({ connectionId }: Owned) => cloudOf(connectionId ?? own);
  return {
    read: (ref) => cloudFor(ref).read(ref),
    async write(call, isUnchanged) {
      const { connectionId, ...plain } = call;
      const receipt = await cloudFor(call).write(plain, isUnchanged);
      return connectionId === undefined ? receipt : { ...receipt, connectionId };
    },
    wait: (receipt) => cloudFor(receipt).wait(receipt),
    async measure(measure, routes) {
      const groups = [...groupBy(routes, ({ connectionId = own }) => [connectionId])];
      const isWeighed = measure === 'errorRate' && groups.length > 1;
      const measured = await Promise.all(
        groups.map(async ([owner, some]) => {
          const cloud = cloudOf(owner);
          const [read, rate] = await Promise.all([
            cloud.measure(measure, some),
            isWeighed ? cloud.routeRate(some) : null,
          ]);
          return { ...read, perSecond: rate?.value ?? null };
        }),
      );
      const values = measured.map(({ value }) => value);
      return {
        value: isWeighed
          ? meanByRequests(measured)
          : measure === 'throttles'
            ? sumKnown(values)
            : worst(values),
        lagMs: worst(measured.map(({ lagMs }) => lagMs)),
      };
    },
    requestRate: (listener) => cloudFor(listener).requestRate(listener),
    async routeRate(routes) {
      const read = [...groupBy(routes, ({ connectionId = own }) => [connectionId])].map(([owner, some]) =>
        cloudOf(owner).routeRate(some),
      );
      const measured = await Promise.all(read);
      return {
        value: measured.some(({ isForbidden }) => isForbidden)
          ? null
          : sumKnown(measured.map(({ value }) => value)),
        lagMs: worst(measured.map(({ lagMs }) => lagMs)),
      };
    },
  };
}

/** Probes from the own connection; instance readiness is checked in the account of their function. */
export function joinedProber(own: string, proberOf: (connectionId: string) => Prober): Prober {
  return {
    probe: (probe) => {
      const owner = probe.kind === 'ready' ? (probe.connectionId ?? own) : own;
      return proberOf(owner).probe(probe);
    },
  };
}
