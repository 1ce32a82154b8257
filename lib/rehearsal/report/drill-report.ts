import { z } from 'zod';
import { rehearsalFaultKinds } from '@/lib/rehearsal/input';
import { runStates } from '@/lib/run/model/model';
import { faultAnswers, goalKinds, RehearsalReport } from './report';

/** One event of a fire drill. */
const DrillEvent = z.object({
  seed: z.number(),
  verdict: RehearsalReport.shape.verdict,
  state: z.enum(runStates),
  /** The goals that it has missed. */
  missed: z.array(z.enum(goalKinds)),
  /** The share of the clients' requests that failed for good, from 0 to 1. */
  lostShare: z.number(),
  /** Its faults in the order of time, each with how the run answered. */
  faults: z.array(z.object({ kind: z.enum(rehearsalFaultKinds), answer: z.enum(faultAnswers) })),
});
export type DrillEvent = z.infer<typeof DrillEvent>;

/**
 * The result of a fire drill: the same event once for each of several seeds. Plain JSON; the same input gives the same
 * result, to the byte. The whole report of the worst event is beside it.
 */
export const DrillReport = z.object({
  format: z.literal(1),
  /** `missed` = an event has missed a goal. */
  verdict: RehearsalReport.shape.verdict,
  /** The number of events that have met all goals. */
  endedWell: z.number(),
  /**
   * The exact 95 % interval of the share of such events, from 0 to 1: what the drawn faults say about all that could
   * have been drawn.
   */
  interval: z.object({ low: z.number(), high: z.number() }),
  /** In the order of their seeds. */
  events: z.array(DrillEvent),
  /** The seed of the event with the gravest result. */
  worstSeed: z.number(),
});
export type DrillReport = z.infer<typeof DrillReport>;

/** The result of a rehearsal. */
export const RehearsalResult = z.object({
  /** Of the event; for a fire drill, of its worst. */
  report: RehearsalReport,
  /** null = one event was rehearsed. */
  drill: DrillReport.nullable(),
});
export type RehearsalResult = z.infer<typeof RehearsalResult>;
