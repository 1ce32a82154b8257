import { getHostName } from '@/lib/estate/look-up';
import { inSpan } from '@/lib/log/in-span';
import { withLogFields } from '@/lib/log/log-fields';
import type { ProbeStep } from '@/lib/plan/model/model';
import { listDnsRollbackSteps } from '@/lib/run/model/drain';
import { doneEvent, hasOursToUndo, sinceStart } from '@/lib/run/model/history';
import type { RunEvent } from '@/lib/run/model/model';
import { probePauseMs } from '@/lib/run/model/retry';
import { isLeftToT0, probeOf } from './await-ready';
import { listen } from './listen';
import type { ProbeAnswer } from './ports';
import { recordEvent, recordNotOurs, type StepContext, type StepResult, walkingState } from './step-context';

/** One round of probes and its result; recorded, so that a replay takes the same path. */
type Round = {
  /** The failed results whose time ran out, and the probes to repeat, by step id. */
  readonly over: Readonly<Record<string, ProbeAnswer>>;
  readonly again: Readonly<Record<string, string | null>>;
  readonly at: string;
};

/** Returns whether a rollback probe is about a name that this run never moved: its result has another cause. */
function isAboutOthersDns(step: ProbeStep, context: StepContext, events: readonly RunEvent[]): boolean {
  const { probe } = step;
  if (context.direction === 'apply' || probe.kind !== 'dns') return false;
  return !listDnsRollbackSteps(context.plan).some(
    (dns) =>
      dns.object.kind === 'recordSet' &&
      getHostName(dns.object) === probe.name &&
      hasOursToUndo(dns, context.plan, events),
  );
}

/**
 * Returns the probes to send: again in each attempt, because an earlier response is outdated, and not for objects that
 * this run never changed.
 */
async function listOpenProbes(steps: readonly ProbeStep[], context: StepContext): Promise<readonly string[]> {
  const events = await context.journal.read();
  const now = sinceStart(events, context.attempt);
  const open = steps.filter((step) => doneEvent(now, context.direction, step.id) === undefined);
  for (const step of open) if (isAboutOthersDns(step, context, events)) await recordNotOurs(context, step.id);
  return open.filter((step) => !isAboutOthersDns(step, context, events)).map((step) => step.id);
}

/** Sends a probe once; logs and traces in the meantime carry its step. */
function sendProbe(step: ProbeStep, last: string | null, elapsedMs: number, context: StepContext) {
  const attributes = { 'spillway.step': step.id, 'spillway.direction': context.direction };
  return withLogFields({ step: step.id }, () =>
    inSpan('step probe', attributes, async (span) => {
      const answer = await sendAndRecord(step, last, elapsedMs, context);
      span.setAttribute('spillway.result', answer.passed ? 'done' : 'probeFailed');
      return answer;
    }),
  );
}

/**
 * Returns whether a probe that has not passed in time may continue: in a rollback, a missing response may be a
 * transient failure of our own network.
 */
function mayGoOn({ unanswered }: ProbeAnswer, { direction }: StepContext): boolean {
  return direction === 'rollback' && unanswered === true;
}

/** Sends a probe, and records a result that differs from the previous one. */
async function sendAndRecord(step: ProbeStep, last: string | null, elapsedMs: number, context: StepContext) {
  const { retries, prober } = context;
  const answer = await prober.probe(probeOf(step, context));
  await context.faultPoint('afterCall', step.id);
  if (!mayGoOn(answer, context)) await retries.answered(step, 'probe', context);
  else if (elapsedMs >= step.withinMs)
    await retries.failed(step, 'probe', { kind: 'noAnswer', answer }, context);
  if (answer.passed || answer.failure !== last)
    await recordEvent(context, { type: 'probed', stepId: step.id, answer });
  if (answer.passed) {
    // A probe that passes at once took its own latency; a repeated one also the time until it was last sent.
    const durationMs = (last === null ? 0 : elapsedMs) + answer.latencyMs;
    const done = { outcome: 'probed', requestId: null, durationMs } as const;
    await recordEvent(context, { type: 'stepDone', stepId: step.id, ...done });
    await context.faultPoint('afterRecord', step.id);
  }
  return answer;
}

/** Ends a check for instances that did not start in time: the schedule decides at T0 what follows. */
function recordNotReady(step: ProbeStep, durationMs: number, context: StepContext): Promise<void> {
  const ended = { outcome: 'notReady', requestId: null, durationMs } as const;
  return recordEvent(context, { type: 'stepDone', stepId: step.id, ...ended });
}

/**
 * Sends the independent probes in parallel, until each passes or one times out; in a rollback, a probe without any
 * response is repeated for as long as that lasts. Every round is recorded separately, and the pauses between rounds
 * receive messages: a probe that waits for old DNS answers to expire may take minutes.
 */
export async function runProbeSteps(
  steps: readonly ProbeStep[],
  context: StepContext,
): Promise<{ readonly result: StepResult; readonly step: ProbeStep | null }> {
  const { clock, once } = context;
  const [first] = steps;
  if (first === undefined) return { result: { kind: 'done' }, step: null };
  const name = `${first.id}.probes`;
  const began = await once(`${name}.began`, async () => ({
    at: clock.now().toISOString(),
    ids: await listOpenProbes(steps, context),
  }));
  let startedAt = Date.parse(began.at);
  let open: Round['again'] = Object.fromEntries(began.ids.map((id) => [id, null]));

  const round = async (): Promise<Round> => {
    const over: Record<string, ProbeAnswer> = {};
    const again: Record<string, string | null> = {};
    const sending = steps.filter((step) => step.id in open);
    const elapsed = () => clock.now().getTime() - startedAt;
    await Promise.all(
      sending.map(async (step) => {
        const answer = await sendProbe(step, open[step.id] ?? null, elapsed(), context);
        if (answer.passed) return;
        const isLate = elapsed() >= step.withinMs;
        if (isLate && isLeftToT0(step, context)) return recordNotReady(step, elapsed(), context);
        if (isLate && !mayGoOn(answer, context)) over[step.id] = answer;
        else again[step.id] = answer.failure;
      }),
    );
    return { over, again, at: new Date(clock.now().getTime() + probePauseMs(elapsed())).toISOString() };
  };

  for (let count = 1; Object.keys(open).length > 0; count += 1) {
    const { over, again, at } = await once(`${name}.try${count}`, round);
    const failed = steps.find((step) => over[step.id] !== undefined);
    const answer = failed && over[failed.id];
    if (failed && answer)
      return { result: { kind: 'stop', reason: { kind: 'probeFailed', answer } }, step: failed };
    open = again;
    const waiting = steps.find((step) => step.id in open);
    if (waiting === undefined) break;
    const received = await listen(context, new Date(at), walkingState(context));
    if (received.kind === 'continued') startedAt += received.afterMs;
    else if (received.kind !== 'due' && received.kind !== 'skipped')
      return { result: received, step: waiting };
  }
  return { result: { kind: 'done' }, step: null };
}
