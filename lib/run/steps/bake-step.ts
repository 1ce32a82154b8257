import type { Guard } from '@/lib/diversion/cutover';
import type { BakeStep } from '@/lib/plan/model/model';
import { doneEvent } from '@/lib/run/model/history';
import type { BakeGap, RunEvent } from '@/lib/run/model/model';
import { listen } from './listen';
import { note, recordEvent, type StepContext, type StepResult, walkingState } from './step-context';
import { watchUntil } from './watch';

/** When a bake ends, and when old answers have expired. */
type Bake = { readonly bakedAt: string; readonly expiredAt: string };

/** Returns whether a wait is the bake of a ramp, not only a wait for old answers. */
function isBake({ phase, bakeS }: BakeStep): boolean {
  return (phase === 'divert' || phase === 'rollback') && bakeS > 0;
}

/** Returns the gap in the measurements of a bake since its start; null = every guard had a value. */
function findGap(step: BakeStep, guards: readonly Guard[], events: readonly RunEvent[]): BakeGap | null {
  if (guards.length === 0) return { kind: 'unguarded' };
  const begun = events.findLastIndex((event) => event.type === 'baking' && event.stepId === step.id);
  const samples = events.slice(begun).flatMap((event) => (event.type === 'watched' ? [event.sample] : []));
  const measures = [...new Set(guards.map(({ measure }) => measure))].filter((measure) =>
    samples.every((sample) => (sample.measures[measure] ?? null) === null),
  );
  return measures.length === 0 ? null : { kind: 'unread', measures };
}

/**
 * Waits between two moves of a ramp: first bakes, which an operator may skip and a pause stops; then waits until old
 * answers have expired, which can't be shortened. Waits without a bake only do the latter.
 */
export async function runBakeStep(step: BakeStep, context: StepContext): Promise<StepResult> {
  const { once, journal, clock, direction } = context;
  const bake = await once(`${step.id}.bake`, async (): Promise<Bake | null> => {
    const events = await journal.read();
    if (doneEvent(events, direction, step.id) !== undefined) return null;
    // From the last move on, even if an earlier attempt made it; a step without a move has no old answers.
    const moves = step.needs.flatMap((id) => doneEvent(events, direction, id)?.at ?? []);
    const from = Math.max(...moves.map(Date.parse), moves.length === 0 ? clock.now().getTime() : 0);
    const bakedAt = new Date(from + (isBake(step) ? step.bakeS : 0) * 1000).toISOString();
    const expiredAt = new Date(
      from + Math.max(isBake(step) ? 0 : step.bakeS, step.oldTtlS) * 1000,
    ).toISOString();
    if (isBake(step)) await recordEvent(context, { type: 'baking', stepId: step.id, until: bakedAt });
    else await recordEvent(context, { type: 'waiting', stepId: step.id, until: expiredAt });
    return { bakedAt, expiredAt };
  });
  if (bake === null) return { kind: 'done' };
  const startedAt = Date.parse(await once(`${step.id}.began`, async () => clock.now().toISOString()));

  await context.faultPoint('duringWait', step.id);
  const { expiredAt } = bake;
  if (isBake(step)) {
    let until = Date.parse(bake.bakedAt);
    for (;;) {
      const received = await watchUntil(context, new Date(until), 'baking');
      if (received.kind === 'due') break;
      if (received.kind === 'continued') until += received.afterMs;
      else if (received.kind === 'skipped') {
        const { actor, reason } = received;
        await note(context, { type: 'bakeSkipped', stepId: step.id, actor, reason });
        break;
      } else return received;
    }
    await once(`${step.id}.baked`, async () => {
      const gap = findGap(step, context.guards, await journal.readAll());
      await recordEvent(context, { type: 'baked', stepId: step.id, ...(gap === null ? {} : { gap }) });
      if (clock.now().getTime() < Date.parse(expiredAt))
        await recordEvent(context, { type: 'waiting', stepId: step.id, until: expiredAt });
    });
  }
  for (;;) {
    // Before T0 nothing has moved that guards could evaluate: the destination may not even exist yet.
    const wait = step.phase === 'prewarm' ? listen : watchUntil;
    const received = await wait(context, new Date(expiredAt), walkingState(context));
    if (received.kind === 'due') break;
    // Resolver caches keep expiring during a pause.
    if (received.kind !== 'continued' && received.kind !== 'skipped') return received;
  }
  await once(`${step.id}.over`, async () => {
    const durationMs = clock.now().getTime() - startedAt;
    const waited = { outcome: 'waited', requestId: null, durationMs } as const;
    await recordEvent(context, { type: 'stepDone', stepId: step.id, ...waited });
    await context.faultPoint('afterRecord', step.id);
  });
  return { kind: 'done' };
}
