import type { ObjectState } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import type { DrainStep, Step } from '@/lib/plan/model/model';
import { drainedAt, isDrained, listDnsRollbackSteps, servedTtlS } from '@/lib/run/model/drain';
import { hasOursToUndo, isLastDone } from '@/lib/run/model/history';
import { listen, type ReceivedCommand } from './listen';
import { verifyState } from './read-until';
import { inRounds, type Round } from './retries';
import { stepCloud } from './run-cloud';
import { recordEvent, recordNotOurs, type StepContext, type StepResult } from './step-context';

/**
 * Verifies that no name points at what is about to be unbound, regardless of who moved it. A record that the apply
 * enables, but that was already enabled, is not ours to disable.
 */
async function verifyLeft(round: Round, context: StepContext): Promise<StepResult> {
  const { plan, journal } = context;
  const events = await journal.read();
  const isOurs = (step: Step) => step.kind === 'write' && hasOursToUndo(step, plan, events);
  if (!plan.rollback.some((step) => step.phase === 'drain' && isOurs(step))) return { kind: 'done' };
  for (const dns of listDnsRollbackSteps(plan)) {
    if (isOurs(dns)) continue;
    const { state: found } = await stepCloud(dns, round, context, events).read(dns.object);
    const moved = onlyOn(dns.before, dns.after);
    if (!onRecords(found).some((key) => moved.includes(key))) continue;
    const { object, after } = dns;
    return { kind: 'stop', reason: { kind: 'drift', object, expected: after, found } };
  }
  return { kind: 'done' };
}

function onRecords(state: ObjectState): readonly string[] {
  return state.kind === 'recordSet' ? state.records.filter((r) => r.enabled).map(recordKey) : [];
}

/** Returns records that are on in one state and not in the other. */
function onlyOn(state: ObjectState, other: ObjectState): readonly string[] {
  return onRecords(state).filter((key) => !onRecords(other).includes(key));
}

/**
 * Waits until the diversion's answers and connections have expired. The wait is durable and can be interrupted, so it
 * is outside `once`. Before anything may be unbound, DNS must still be in its rolled-back state: it may have been
 * pointed at the function again.
 */
export async function runDrainStep(step: DrainStep, context: StepContext): Promise<StepResult> {
  const { plan, journal, clock, once } = context;
  const until = await once(`${step.id}.until`, async () => {
    const events = await journal.read();
    if (isDrained(step, events)) return null;
    const instant = drainedAt(plan, step, events, clock.now());
    if (instant === null) await recordNotOurs(context, step.id);
    else await recordEvent(context, { type: 'waiting', stepId: step.id, until: instant.toISOString() });
    return instant?.toISOString() ?? null;
  });
  const retried = async (name: string, run: (round: Round) => Promise<StepResult>) => {
    const [ended] = await inRounds(
      [step],
      context,
      () => `${step.id}.${name}`,
      (_step, round) => run(round),
    );
    return ended?.result ?? { kind: 'done' };
  };
  if (until === null) return retried('left', (round) => verifyLeft(round, context));
  await context.faultPoint('duringWait', step.id);
  for (let received: ReceivedCommand | null = null; received?.kind !== 'due'; ) {
    received = await listen(context, new Date(until), 'rollingBack');
    // Old answers expire whether the run is stopped or not.
    if (received.kind === 'stop' || received.kind === 'rollback' || received.kind === 'leaveAsIs')
      return received;
  }

  return retried('over', async (round) => {
    const left = await verifyLeft(round, context);
    if (left.kind === 'stop') return left;
    // Last, because it is stricter: by then the name must be as this run left it.
    const events = await journal.read();
    for (const dns of listDnsRollbackSteps(plan)) {
      if (!isLastDone(dns, plan.rollback, events, 'rollback') || !hasOursToUndo(dns, plan, events)) continue;
      const result = await verifyState(dns, round, context, events);
      if (result.kind === 'stop') return result;
    }
    const durationMs = (servedTtlS(plan, step, events) + step.keepAliveS) * 1000;
    const waited = { outcome: 'waited', requestId: null, durationMs } as const;
    await recordEvent(context, { type: 'stepDone', stepId: step.id, ...waited });
    await context.faultPoint('afterRecord', step.id);
    return { kind: 'done' };
  });
}
