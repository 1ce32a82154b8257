import type { ProbeStep } from '@/lib/plan/model';
import { probePauseMs } from './retry';
import { pause, record, type StepContext, type StepResult } from './step-context';

/** Asks until the answer is right or the step's time is over; every answer that differs from the last is written down. */
export async function runProbeStep(step: ProbeStep, context: StepContext): Promise<StepResult> {
  const startedAt = context.clock.now().getTime();
  let lastFailure: string | null = null;
  for (;;) {
    const answer = await context.prober.probe(step.probe);
    const elapsedMs = context.clock.now().getTime() - startedAt;
    if (answer.passed || answer.failure !== lastFailure) {
      await record(context, { type: 'probed', stepId: step.id, answer });
      lastFailure = answer.failure;
    }
    if (answer.passed) {
      const durationMs = elapsedMs;
      await record(context, {
        type: 'stepDone',
        stepId: step.id,
        outcome: 'probed',
        requestId: null,
        durationMs,
      });
      return { kind: 'done' };
    }
    if (elapsedMs >= step.withinMs) return { kind: 'hold', reason: { kind: 'probeFailed', answer } };
    await pause(context, probePauseMs);
  }
}
