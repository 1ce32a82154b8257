import { z } from 'zod';
import { cloudMeasures, judgedMinS } from '@/lib/estate/measure';
import { Zone } from './zone';

/**
 * The measures of what a run's vantage points and its diverted traffic show.
 * - `notConverged`: share of the DNS answers that are not current, in %;
 * - `splitDeviation`: difference of the measured share of the function from the intended one, in percentage points; 0
 *   while the intended one is within the interval of 95 %. Of the requests that move; while none are measured, of DNS
 *   answers;
 * - `errorsAboveCvm`: error rate of the function minus that of the CVM side, in percentage points;
 * - `agentFailures`: share of the agents' newest requests that failed, in %.
 */
export const runMeasures = ['notConverged', 'splitDeviation', 'errorsAboveCvm', 'agentFailures'] as const;

export type RunMeasure = (typeof runMeasures)[number];

/**
 * The measures watched once traffic has moved. Lower is better for all of them.
 * - `probeFailures`: share of the probes of one round that failed, in %;
 * - `latency`: of the slowest probe of a round, in ms; the cloud's own metrics, and those of the run.
 */
export const guardMeasures = ['probeFailures', 'latency', ...cloudMeasures, ...runMeasures] as const;

export type GuardMeasure = (typeof guardMeasures)[number];

/** The longest time of a guard, in seconds. */
export const guardMaxS = 600;

/** The time for which a stored measurement of traffic counts, in seconds: an older one says nothing about now. */
export const trafficUsedS = 600;

/** The default: a dead route rolls back automatically, a slow one is stopped. */
export const defaultGuards: readonly Guard[] = [
  { measure: 'probeFailures', limit: 50, forS: 20, outcome: 'rollback' },
  { measure: 'errorRate', limit: 5, forS: 30, outcome: 'rollback' },
  { measure: 'latency', limit: 5000, forS: 30, outcome: 'stop' },
];

/** The initial values of further guards in the editor. */
export const suggestedGuards: readonly Guard[] = [
  { measure: 'notConverged', limit: 20, forS: 300, outcome: 'stop' },
  { measure: 'splitDeviation', limit: 10, forS: 300, outcome: 'stop' },
  { measure: 'errorsAboveCvm', limit: 0.5, forS: 300, outcome: 'stop' },
  { measure: 'agentFailures', limit: 20, forS: 60, outcome: 'stop' },
];

/**
 * The schedule of a plan: prewarm → divert (T0) → verify → diverted → rollback (T1) → drain. It states the intent only;
 * whether it can be met is checked when it is scheduled, while it waits and at T0. Instants are ISO 8601 in UTC; the
 * zone is the one people read and type them in.
 */

const Instant = z.iso.datetime('instant.invalid');

/** The policy when the divert could not begin at T0: no worker was there to run it, or prewarm was not complete. */
export const MissedT0 = z.discriminatedUnion('kind', [
  /** Roll back what prewarm did. */
  z.object({ kind: z.literal('skip') }),
  /** Divert anyway if at most this late, otherwise roll back what prewarm did. */
  z.object({
    kind: z.literal('runIfLate'),
    withinS: z.number('late.invalid').int('late.invalid').min(10, 'late.invalid').max(86_400, 'late.invalid'),
  }),
  /** Wait for a person. */
  z.object({ kind: z.literal('ask') }),
]);
export type MissedT0 = z.infer<typeof MissedT0>;

/**
 * The policy when the instances that prewarm has requested are not all ready at T0. The defaults are our own choice.
 */
export const ReadyPolicy = z.object({
  /** The divert starts once this share of them is ready. */
  percent: z
    .number('readiness.percent')
    .int('readiness.percent')
    .min(1, 'readiness.percent')
    .max(100, 'readiness.percent')
    .default(100),
  /** The longest wait for them after T0, in seconds. */
  waitS: z
    .number('readiness.waitS')
    .int('readiness.waitS')
    .min(0, 'readiness.waitS')
    .max(3600, 'readiness.waitS')
    .default(300),
  /** After that wait, the run is stopped, rolls back what prewarm did, or diverts with what is ready. */
  otherwise: z.enum(['stop', 'rollback', 'divert']).default('stop'),
});
export type ReadyPolicy = z.infer<typeof ReadyPolicy>;

/** The policy of a schedule that has none. */
export const defaultReadyPolicy: ReadyPolicy = ReadyPolicy.parse({});

export const Guard = z.object({
  measure: z.enum(guardMeasures),
  /** Breached while the measure is above this, in its own unit. */
  limit: z.number('guard.limit').min(0, 'guard.limit').max(1_000_000, 'guard.limit'),
  /**
   * For this long without a break, in seconds; longer where the measure's figures lag behind (`shortestJudgedS`), or are of
   * reports that are not renewed. Monitoring is asked for five minutes, so that it lags by no more, and a guard may need one more.
   */
  forS: z.number('guard.forS').int('guard.forS').min(judgedMinS, 'guard.forS').max(guardMaxS, 'guard.forS'),
  outcome: z.enum(['stop', 'rollback']),
});
export type Guard = z.infer<typeof Guard>;

const fields = {
  /** The start of the divert. */
  t0: Instant,
  /** The lead time of prewarm before T0, in seconds. */
  prewarmS: z
    .number('prewarm.invalid')
    .int('prewarm.invalid')
    .min(0, 'prewarm.negative')
    .max(86_400, 'prewarm.tooLong'),
  /** The start of the rollback; null = the diversion stays. */
  t1: Instant.nullable(),
  zone: Zone,
  missedT0: MissedT0,
  /** Absent = `defaultReadyPolicy`. */
  readiness: ReadyPolicy.optional(),
  guards: z.array(Guard).max(20),
  /** The measures of the policy's guards that this schedule leaves out; absent = none. */
  withoutGuards: z.array(z.enum(guardMeasures)).optional(),
};

const isT1After = ({ t0, t1 }: { readonly t0: string; readonly t1: string | null }) =>
  t1 === null || Date.parse(t1) > Date.parse(t0);
const t1BeforeT0 = { message: 't1.beforeT0', path: ['t1'] };

export const Cutover = z.object(fields).refine(isT1After, t1BeforeT0);
export type Cutover = z.infer<typeof Cutover>;

/** A schedule as requested. Without guards it gets those of the policy, except `withoutGuards`. */
export const CutoverRequest = z
  .object({ ...fields, guards: fields.guards.optional() })
  .refine(isT1After, t1BeforeT0);
export type CutoverRequest = z.infer<typeof CutoverRequest>;
