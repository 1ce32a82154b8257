import type { BakeStep } from '@/lib/plan/model/model';
import { doneEvent } from '@/lib/run/model/history';
import { listen } from './listen';
import { note, recordEvent, type StepContext, type StepResult } from './step-context';
import { watchUntil } from './watch';

/** The end of a bake as this execution knows it. A skip may shorten the first instant, not the second. */
type Bake = { readonly bakedAt: string; readonly expiredAt: string };

/**
 * Waits between two moves of a ramp. A skip ends the bake, not the wait for old answers; a pause stops the bake's clock,
 * not that of resolvers.
 */
export async function runBakeStep(step: BakeStep, context: StepContext): Promise<StepResult> {
  const { once, journal, clock, direction } = context;
  const bake = await once(`${step.id}.bake`, async (): Promise<Bake | null> => {
    const events = await journal.read();
    if (doneEvent(events, direction, step.id) !== undefined) return null;
    // From the last move on, even if an earlier attempt made it; a step without a move has no old answers.
    const moves = step.needs.flatMap((id) => doneEvent(events, direction, id)?.at ?? []);
    const from = Math.max(...moves.map(Date.parse), moves.length === 0 ? clock.now().getTime() : 0);
    const bakedAt = new Date(from + step.bakeS * 1000).toISOString();
    const expiredAt = new Date(from + step.oldTtlS * 1000).toISOString();
    const until = new Date(from + Math.max(step.bakeS, step.oldTtlS) * 1000).toISOString();
    await recordEvent(context, { type: 'baking', stepId: step.id, until });
    return { bakedAt, expiredAt };
  });
  if (bake === null) return { kind: 'done' };
  const startedAt = Date.parse(await once(`${step.id}.began`, async () => clock.now().toISOString()));

  await context.faultPoint('duringWait', step.id);
  let until = Math.max(Date.parse(bake.bakedAt), Date.parse(bake.expiredAt));
  for (;;) {
    // Before T0 nothing has moved that guards could judge: the destination may not even exist yet.
    const wait = step.phase === 'prewarm' ? listen : watchUntil;
    const received = await wait(context, new Date(until), 'baking');
    if (received.kind === 'due') break;
    if (received.kind === 'resumed') until += received.afterMs;
    else if (received.kind === 'skipped') {
      until = Math.min(until, Date.parse(bake.expiredAt));
      const { actor, reason } = received;
      await note(context, { type: 'bakeSkipped', stepId: step.id, actor, reason });
    } else return received;
  }
  await once(`${step.id}.over`, async () => {
    await recordEvent(context, { type: 'baked', stepId: step.id });
    const durationMs = clock.now().getTime() - startedAt;
    const waited = { outcome: 'waited', requestId: null, durationMs } as const;
    await recordEvent(context, { type: 'stepDone', stepId: step.id, ...waited });
    await context.faultPoint('afterRecord', step.id);
  });
  return { kind: 'done' };
}
