import { z } from 'zod';
import type { RehearsalInput } from '@/lib/rehearsal/input';
import { goalKinds, RehearsalReport } from '@/lib/rehearsal/report/report';
import { runStates } from '@/lib/run/model/model';
import { type RehearsalOptions, rehearse } from './rehearse';

/** The event of one seed. */
const DrillEvent = z.object({
  seed: z.number(),
  verdict: RehearsalReport.shape.verdict,
  state: z.enum(runStates),
  /** The goals that it has missed. */
  missed: z.array(z.enum(goalKinds)),
  lostShare: z.number(),
  faults: z.number(),
});
type DrillEvent = z.infer<typeof DrillEvent>;

/** The result of a fire drill: plain JSON. */
export const FireDrillReport = z.object({
  format: z.literal(1),
  /** The share of the events that have met all goals, from 0 to 1. */
  endedWell: z.number(),
  events: z.array(DrillEvent),
  /** The report of the event with the gravest result. */
  worst: RehearsalReport,
});
export type FireDrillReport = z.infer<typeof FireDrillReport>;

/** Returns whether an event ended worse than another one: not as planned, then with more goals missed, then with more lost. */
function isWorse(event: DrillEvent, than: DrillEvent): boolean {
  const rank = ({ missed, lostShare }: DrillEvent) => [
    missed.includes('ended') ? 1 : 0,
    missed.length,
    lostShare,
  ];
  const [own, other] = [rank(event), rank(than)];
  const index = own.findIndex((value, at) => value !== other[at]);
  return index >= 0 && (own[index] ?? 0) > (other[index] ?? 0);
}

function toEvent({ seed, verdict, run, goals, totals, faults }: RehearsalReport): DrillEvent {
  return {
    seed,
    verdict,
    state: run.state,
    missed: goals.filter(({ isMet }) => !isMet).map(({ kind }) => kind),
    lostShare: totals.lostShare,
    faults: faults.length,
  };
}

/**
 * Rehearses an event once for each seed, with the faults that each draws.
 * @param seeds at least one
 * @throws RehearsalCanceledError when it is canceled
 */
export async function fireDrill(
  input: RehearsalInput,
  seeds: readonly [number, ...number[]],
  { onProgress = () => {}, signal }: RehearsalOptions = {},
): Promise<FireDrillReport> {
  const events: DrillEvent[] = [];
  let worst: { readonly event: DrillEvent; readonly report: RehearsalReport } | null = null;
  const play = async (seed: number) => {
    const report = await rehearse(
      { ...input, seed },
      {
        ...(signal === undefined ? {} : { signal }),
        onProgress: (progress) =>
          onProgress({ ...progress, share: (events.length + progress.share) / seeds.length }),
      },
    );
    const event = toEvent(report);
    events.push(event);
    return { event, report };
  };
  const [first, ...rest] = seeds;
  worst = await play(first);
  for (const seed of rest) {
    const next = await play(seed);
    if (isWorse(next.event, worst.event)) worst = next;
  }
  const endedWell = events.filter(({ verdict }) => verdict === 'met').length / events.length;
  return { format: 1, endedWell, events, worst: worst.report };
}
