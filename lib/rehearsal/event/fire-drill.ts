import { invariant } from '@/lib/invariant';
import type { RehearsalInput } from '@/lib/rehearsal/input';
import type { RehearsalOptions } from '@/lib/rehearsal/rehearsal-options';
import { compareEvents } from '@/lib/rehearsal/report/compare-events';
import type { DrillEvent, RehearsalResult } from '@/lib/rehearsal/report/drill-report';
import { rounded } from '@/lib/rehearsal/report/recorder';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { getExactInterval } from '@/lib/statistics/binomial';
import { rehearse } from './rehearse';

function toEvent({ seed, verdict, run, goals, totals, faults }: RehearsalReport): DrillEvent {
  return {
    seed,
    verdict,
    state: run.state,
    missed: goals.filter(({ isMet }) => !isMet).map(({ kind }) => kind),
    lostShare: totals.lostShare,
    faults: faults.map(({ kind, answer }) => ({ kind, answer })),
  };
}

export type DrillOptions = RehearsalOptions & {
  /** Called with each event of a drill that has ended. */
  readonly onEvent?: (event: DrillEvent) => void;
  /** The events of the same drill that have ended before, from the first seed on. */
  readonly finished?: readonly DrillEvent[];
};

/** The gravest event so far; its report is null if it was rehearsed before an interruption. */
type Worst = { readonly event: DrillEvent; readonly report: RehearsalReport | null };

const findWorst = (worst: Worst | null, next: Worst): Worst =>
  worst === null || compareEvents(next.event, worst.event) < 0 ? next : worst;

/**
 * Rehearses the event of an input once for each of `input.events` seeds, beginning with `input.seed`, with the faults
 * that each draws. One event alone is no drill. A drill that continues after an interruption gives the same result as one
 * that was not interrupted.
 * @throws RehearsalCanceledError when it is canceled
 */
export async function fireDrill(
  input: RehearsalInput,
  { onProgress = () => {}, onEvent = () => {}, finished = [], ...options }: DrillOptions = {},
): Promise<RehearsalResult> {
  const events: DrillEvent[] = input.events === 1 ? [] : finished.slice(0, input.events);
  const play = (seed: number) => {
    const done = events.length;
    return rehearse(
      { ...input, seed },
      {
        ...options,
        onProgress: (progress) =>
          onProgress({ ...progress, share: Math.min(1, (done + progress.share) / input.events) }),
      },
    );
  };
  let worst = events.reduce<Worst | null>((found, event) => findWorst(found, { event, report: null }), null);
  while (events.length < input.events) {
    // Seeds are 32 bits.
    const report = await play((input.seed + events.length) >>> 0);
    const event = toEvent(report);
    events.push(event);
    if (input.events === 1) return { report, drill: null };
    onEvent(event);
    worst = findWorst(worst, { event, report });
  }
  invariant(worst !== null, 'a drill has an event');
  const endedWell = events.filter(({ verdict }) => verdict === 'met').length;
  const { low, high } = getExactInterval(endedWell, events.length);
  return {
    // The seed gives the same report again.
    report: worst.report ?? (await play(worst.event.seed)),
    drill: {
      format: 1,
      verdict: endedWell === events.length ? 'met' : 'missed',
      endedWell,
      interval: { low: rounded(low), high: rounded(high) },
      events,
      worstSeed: worst.event.seed,
    },
  };
}
