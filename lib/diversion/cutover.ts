import { z } from 'zod';
import { cloudMeasures, judgedMinS } from '@/lib/estate/measure';
import { Zone } from './zone';

/**
 * A plan on the clock: prewarm → divert (T0) → verify → hold → revert (T1) → drain. The intent only; whether it can be
 * kept is checked when it is scheduled, while it waits and at T0. Instants are ISO 8601 in UTC; the zone is how people
 * read and type them.
 */

const Instant = z.iso.datetime('instant.invalid');

/** What happens when the divert could not begin at T0: nothing was there to run it, or prewarm was not through. */
export const MissedT0 = z.discriminatedUnion('kind', [
  /** Give it up: what prewarm did is taken back. */
  z.object({ kind: z.literal('skip') }),
  /** Divert all the same if no more than this late, else give it up. */
  z.object({
    kind: z.literal('runIfLate'),
    withinS: z.number('late.invalid').int('late.invalid').min(10, 'late.invalid').max(86_400, 'late.invalid'),
  }),
  /** Wait for a person. */
  z.object({ kind: z.literal('ask') }),
]);
export type MissedT0 = z.infer<typeof MissedT0>;

/**
 * What is watched once traffic has moved. All are better when lower.
 * - `probeFailures`: share of the probes of one round that failed, in %;
 * - `latency`: of the slowest probe of a round, in ms;
 * and what the cloud itself knows.
 */
export const guardMeasures = ['probeFailures', 'latency', ...cloudMeasures] as const;
export type GuardMeasure = (typeof guardMeasures)[number];

/** The longest time of a guard, in seconds. */
export const guardMaxS = 600;

export const Guard = z.object({
  measure: z.enum(guardMeasures),
  /** Breached while the measure is above this, in its own unit. */
  limit: z.number('guard.limit').min(0, 'guard.limit').max(1_000_000, 'guard.limit'),
  /**
   * For this long without a break, in seconds; longer where the measure's figures lag behind (`shortestJudgedS`). Monitoring
   * is asked for five minutes, so that it lags by no more, and a guard may need one more.
   */
  forS: z.number('guard.forS').int('guard.forS').min(judgedMinS, 'guard.forS').max(guardMaxS, 'guard.forS'),
  outcome: z.enum(['hold', 'revert']),
});
export type Guard = z.infer<typeof Guard>;

/** Where nobody said otherwise: a dead route goes back by itself, a slow one waits for a person. */
export const defaultGuards: readonly Guard[] = [
  { measure: 'probeFailures', limit: 50, forS: 20, outcome: 'revert' },
  { measure: 'errorRate', limit: 5, forS: 30, outcome: 'revert' },
  { measure: 'latency', limit: 5000, forS: 30, outcome: 'hold' },
];

export const Cutover = z
  .object({
    /** When the divert begins. */
    t0: Instant,
    /** How long before T0 prewarm begins, in seconds. */
    prewarmS: z
      .number('prewarm.invalid')
      .int('prewarm.invalid')
      .min(0, 'prewarm.negative')
      .max(86_400, 'prewarm.tooLong'),
    /** When everything comes back; null = the diversion stays. */
    t1: Instant.nullable(),
    zone: Zone,
    missedT0: MissedT0,
    guards: z.array(Guard).max(20),
  })
  .refine(({ t0, t1 }) => t1 === null || Date.parse(t1) > Date.parse(t0), {
    message: 't1.beforeT0',
    path: ['t1'],
  });
export type Cutover = z.infer<typeof Cutover>;

/** When prewarm begins. */
export function prewarmAt(cutover: Pick<Cutover, 't0' | 'prewarmS'>): Date {
  return new Date(Date.parse(cutover.t0) - cutover.prewarmS * 1000);
}

/** Returns whether a move stays: it has no clock, or one without T1. */
export function staysMoved(cutover: Pick<Cutover, 't1'> | null): boolean {
  return cutover === null || cutover.t1 === null;
}
