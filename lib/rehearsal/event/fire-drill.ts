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

/**
 * Rehearses the event of an input once for each of `input.events` seeds, beginning with `input.seed`, with the faults
 * that each draws. One event alone is no drill.
 * @throws RehearsalCanceledError when it is canceled
 */
export async function fireDrill(
  input: RehearsalInput,
  { onProgress = () => {}, signal }: RehearsalOptions = {},
): Promise<RehearsalResult> {
  const events: DrillEvent[] = [];
  const play = async () => {
    const done = events.length;
    // Seeds are 32 bits.
    const seed = (input.seed + done) >>> 0;
    const report = await rehearse(
      { ...input, seed },
      {
        ...(signal === undefined ? {} : { signal }),
        onProgress: (progress) => onProgress({ ...progress, share: (done + progress.share) / input.events }),
      },
    );
    const event = toEvent(report);
    events.push(event);
    return { event, report };
  };
  let worst = await play();
  if (input.events === 1) return { report: worst.report, drill: null };
  while (events.length < input.events) {
    const next = await play();
    if (compareEvents(next.event, worst.event) < 0) worst = next;
  }
  const endedWell = events.filter(({ verdict }) => verdict === 'met').length;
  const { low, high } = getExactInterval(endedWell, events.length);
  return {
    report: worst.report,
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
