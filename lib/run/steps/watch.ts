import { guardMaxS } from '@/lib/diversion/cutover';
import type { PausableState, Sample } from '@/lib/run/model/model';
import { watchEveryMs } from '@/lib/run/model/retry';
import { findBreach } from './guard';
import { listen, type ReceivedCommand } from './listen';
import { recordEvent, type StepContext } from './step-context';

/** Readings that the longest guard can still ask for, and some more. */
const samplesKept = Math.ceil((guardMaxS * 1000) / watchEveryMs) + 20;

/** Runs one round: reads the measures, and records them. */
async function takeSample(context: StepContext): Promise<Sample> {
  const sample = await context.watcher.sample();
  await recordEvent(context, { type: 'watched', sample });
  return sample;
}

/**
 * Waits until an instant under the guards: one round of measures runs every few seconds, and a breach ends the wait by
 * the guard's policy.
 */
export async function watchUntil(
  context: StepContext,
  until: Date,
  state: PausableState,
): Promise<ReceivedCommand> {
  const guards = context.cutover?.guards ?? [];
  let samples: readonly Sample[] = [];
  for (;;) {
    if (guards.length === 0) return listen(context, until, state);
    const sample = await context.once(context.fresh('watch'), () => takeSample(context));
    samples = [...samples, sample].slice(-samplesKept);
    const breach = findBreach(guards, samples);
    if (breach?.guard.outcome === 'revert') return { kind: 'rollback', why: { kind: 'guard', breach } };
    if (breach !== null) return { kind: 'hold', reason: { kind: 'guard', breach } };
    const next = new Date(Math.min(Date.parse(sample.at) + watchEveryMs, until.getTime()));
    const received = await listen(context, next, state);
    if (received.kind !== 'due') return received;
    if (next.getTime() >= until.getTime()) return received;
  }
}
