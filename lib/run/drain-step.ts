import type { DrainStep } from '@/lib/plan/model';
import { dnsStepsBack, drainedAt, isDrained } from './drain';
import { hasOursToUndo, isLastDone } from './history';
import { holdingOnCloudError } from './hold';
import { type Heard, listen } from './listen';
import { record, recordNotOurs, type StepContext, type StepResult } from './step-context';
import { verifyState } from './verify-state';

/**
 * Waits until the diversion's answers and connections are gone. The wait is durable and can be interrupted, so it stands
 * outside `once`. Before anything may be unbound, DNS must still be as it was brought back: somebody may have pointed
 * it at the function again meanwhile.
 */
export async function runDrainStep(step: DrainStep, context: StepContext): Promise<StepResult> {
  const { plan, journal, clock, once } = context;
  const until = await once(`${step.id}.until`, async () => {
    const events = await journal.read();
    if (isDrained(step, events)) return null;
    const instant = drainedAt(plan, step, events, clock.now());
    if (instant === null) await recordNotOurs(context, step.id);
    else await record(context, { type: 'waiting', stepId: step.id, until: instant.toISOString() });
    return instant?.toISOString() ?? null;
  });
  if (until === null) return { kind: 'done' };
  await context.faultPoint('duringWait', step.id);
  for (let heard: Heard | null = null; heard?.kind !== 'due'; ) {
    heard = await listen(context, new Date(until), 'reverting');
    // Old answers expire whether the run stands still or not.
    if (heard.kind === 'hold' || heard.kind === 'turn' || heard.kind === 'abort') return heard;
  }

  return once(`${step.id}.over`, async () => {
    const events = await journal.read();
    for (const dns of dnsStepsBack(plan)) {
      if (!isLastDone(dns, plan.revert, events, 'revert') || !hasOursToUndo(dns, plan, events)) continue;
      const result = await holdingOnCloudError(dns, context, () => verifyState(dns, context));
      if (result.kind === 'hold') return result;
    }
    const durationMs = (step.oldTtlS + step.keepAliveS) * 1000;
    const waited = { outcome: 'waited', requestId: null, durationMs } as const;
    await record(context, { type: 'stepDone', stepId: step.id, ...waited });
    await context.faultPoint('afterRecord', step.id);
    return { kind: 'done' };
  });
}
