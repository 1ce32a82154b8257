import { defaultReadyPolicy, type ReadyPolicy } from '@/lib/diversion/cutover';
import type { Probe } from '@/lib/estate/probe';
import type { ProbeStep, StepId } from '@/lib/plan/model/model';
import { applyRetryMs, probePauseMs, readPauses } from '@/lib/run/model/retry';
import { listen } from './listen';
import type { ProbeAnswer } from './ports';
import { note, recordEvent, type StepContext, type StepResult, walkingState } from './step-context';

/** Returns the policy of an apply for instances that are not ready; null = it has no schedule. */
function readyPolicyOf({ cutover, direction }: StepContext): ReadyPolicy | null {
  return cutover === null || direction === 'rollback' ? null : (cutover.readiness ?? defaultReadyPolicy);
}

/** Returns the probe of a step, which asks for no more instances than the schedule requires. */
export function probeOf({ probe }: ProbeStep, context: StepContext): Probe {
  const readiness = readyPolicyOf(context);
  if (probe.kind !== 'ready' || readiness === null) return probe;
  const instances = Math.ceil((probe.expect.instances * readiness.percent) / 100);
  return { ...probe, expect: { instances } };
}

/** Returns whether a step that checks for instances leaves it to T0 what follows if they don't start in time. */
export function isLeftToT0({ probe }: ProbeStep, context: StepContext): boolean {
  const readiness = readyPolicyOf(context);
  return probe.kind === 'ready' && readiness !== null && readiness.otherwise !== 'stop';
}

/** One round of checks: the first step whose instances are not ready, and when to look again. */
type Round = {
  readonly missing: { readonly stepId: StepId; readonly answer: ProbeAnswer } | null;
  readonly failures: Readonly<Record<string, string>>;
  readonly at: string;
  readonly lateMs: number;
  /** True if the schedule does not wait any longer. */
  readonly isOver: boolean;
};

/**
 * Measures at T0 whether the instances that prewarm has requested are ready, because some may have stopped since, and
 * waits for them as long as the schedule allows. Without such instances, and once the divert has begun, it does
 * nothing.
 * @returns done when the divert may start; otherwise what the schedule wants instead
 */
export async function awaitReady(context: StepContext): Promise<StepResult> {
  const { plan, clock, journal, once, fresh, prober, cutover } = context;
  const readiness = readyPolicyOf(context);
  const steps = plan.steps.filter((step) => step.kind === 'probe' && step.probe.kind === 'ready');
  if (readiness === null || cutover === null || steps.length === 0) return { kind: 'done' };
  const began = await once(fresh('ready.began'), async () => ({
    at: clock.now().getTime(),
    isDiverting: hasBegunDivert(context, await journal.read()),
  }));
  if (began.isDiverting) return { kind: 'done' };
  let startedAt = began.at;

  const look = async (known: Round['failures']): Promise<Round> => {
    const failures: Record<string, string> = {};
    let missing: Round['missing'] = null;
    for (const step of steps) {
      if (step.kind !== 'probe') continue;
      const answer = await prober.probe(probeOf(step, context));
      if (answer.failure !== null && answer.failure !== known[step.id])
        await recordEvent(context, { type: 'probed', stepId: step.id, answer });
      if (answer.passed) continue;
      failures[step.id] = answer.failure ?? '';
      if (missing === null || missing.answer.unanswered === true) missing = { stepId: step.id, answer };
    }
    const now = clock.now().getTime();
    // Without a response nothing is known to be missing: an outage across T0 is outlasted like that of a write.
    const isUnanswered = missing?.answer.unanswered === true;
    const waitMs = isUnanswered
      ? Math.max(readiness.waitS * 1000, applyRetryMs.divert)
      : readiness.waitS * 1000;
    const end = startedAt + waitMs;
    const pauseMs = isUnanswered ? readPauses.firstMs : probePauseMs(now - startedAt);
    const next = Math.min(now + pauseMs, end);
    const lateMs = Math.max(0, now - Date.parse(cutover.t0));
    return { missing, failures, at: new Date(next).toISOString(), lateMs, isOver: now >= end };
  };

  for (let failures: Round['failures'] = {}; ; ) {
    const { missing, at, lateMs, isOver, ...found } = await once(fresh('ready.look'), () => look(failures));
    failures = found.failures;
    if (missing === null) return { kind: 'done' };
    if (isOver) return giveUp(readiness, missing, lateMs, context);
    const received = await listen(context, new Date(at), walkingState(context));
    if (received.kind === 'continued') startedAt += received.afterMs;
    else if (received.kind !== 'due' && received.kind !== 'skipped') return received;
  }
}

/** Returns whether this run has sent a call of its divert. */
function hasBegunDivert(
  { plan }: StepContext,
  events: Awaited<ReturnType<StepContext['journal']['read']>>,
): boolean {
  const moves = new Set(plan.steps.filter(({ phase }) => phase === 'divert').map(({ id }) => id));
  return events.some(
    (event) => event.type === 'intent' && event.direction === 'apply' && moves.has(event.stepId),
  );
}

/** Follows the schedule's policy when instances are missing after the wait. */
async function giveUp(
  { otherwise }: ReadyPolicy,
  { stepId, answer }: NonNullable<Round['missing']>,
  lateMs: number,
  context: StepContext,
): Promise<StepResult> {
  if (otherwise === 'divert') return { kind: 'done' };
  if (otherwise === 'rollback') {
    const notReady = answer.failure ?? '';
    return { kind: 'rollback', why: { kind: 'missedT0', lateMs, notReady } };
  }
  const reason = { kind: 'probeFailed', answer } as const;
  await note(context, { type: 'stopped', stepId, reason });
  return { kind: 'stop', reason };
}
