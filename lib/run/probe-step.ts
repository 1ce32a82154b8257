import type { ProbeStep } from '@/lib/plan/model';
import type { ProbeAnswer } from './ports';
import { probePauseMs } from './retry';
import { record, type StepContext, type StepResult } from './step-context';

/** One question and what follows from it; recorded, so that a replay goes on in the same way. */
type Try =
  | { readonly kind: 'passed' }
  | { readonly kind: 'over'; readonly answer: ProbeAnswer }
  | { readonly kind: 'again'; readonly at: string; readonly failure: string | null };

/**
 * Asks until the answer is right or the step's time is over. Every try is recorded by itself, and the pauses listen for
 * messages: a probe that waits for old DNS answers to expire may go on for minutes. Answers that differ from the one
 * before are written down.
 */
export async function runProbeStep(step: ProbeStep, context: StepContext): Promise<StepResult> {
  const { clock, prober, once, inbox } = context;
  const startedAt = Date.parse(await once(`${step.id}.began`, async () => clock.now().toISOString()));

  const ask = async (lastFailure: string | null): Promise<Try> => {
    const answer = await prober.probe(step.probe);
    await context.faultPoint('afterCall', step.id);
    const now = clock.now().getTime();
    if (answer.passed || answer.failure !== lastFailure) {
      await record(context, { type: 'probed', stepId: step.id, answer });
    }
    if (answer.passed) {
      const durationMs = now - startedAt;
      await record(context, {
        type: 'stepDone',
        stepId: step.id,
        outcome: 'probed',
        requestId: null,
        durationMs,
      });
      await context.faultPoint('afterRecord', step.id);
      return { kind: 'passed' };
    }
    if (now - startedAt >= step.withinMs) return { kind: 'over', answer };
    return {
      kind: 'again',
      at: new Date(now + probePauseMs(now - startedAt)).toISOString(),
      failure: answer.failure,
    };
  };

  let lastFailure: string | null = null;
  for (let count = 1; ; count += 1) {
    const result: Try = await once(`${step.id}.try${count}`, () => ask(lastFailure));
    if (result.kind === 'passed') return { kind: 'done' };
    if (result.kind === 'over')
      return { kind: 'hold', reason: { kind: 'probeFailed', answer: result.answer } };
    lastFailure = result.failure;
    const message = await inbox.take(new Date(result.at));
    if (message !== null) return { kind: 'hold', reason: { kind: 'asked', actor: message.actor } };
  }
}
