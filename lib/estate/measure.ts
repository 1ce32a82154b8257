import type { BoundFunction } from './model';
import type { RuleRef } from './object';

/**
 * The measures of moved traffic that the cloud itself provides. For all of them, lower is better.
 * - `errorRate`: share of the requests to the moved rules that clients got a 5xx for in the last minute, in %;
 * - `throttles`: requests that the functions throttled in the last minute;
 * - `unhealthyTargets`: share of the CVM targets that fail their health check, in %;
 * - `provisionedLost`: share of the provisioned concurrency that is not ready, in %.
 */
export const cloudMeasures = ['errorRate', 'throttles', 'unhealthyTargets', 'provisionedLost'] as const;
export type CloudMeasure = (typeof cloudMeasures)[number];

/** A rule that traffic moves to, with the functions that it calls; if it has none, CVM targets answer. */
export type MeasuredRoute = Omit<RuleRef, 'kind'> & { readonly functions: readonly BoundFunction[] };

/** Domains of a listener's rules, as monitoring finds them. */
export type ListenerPlace = Pick<RuleRef, 'connectionId' | 'region' | 'loadBalancerId' | 'listenerId'> & {
  /** As the rules name them, wildcards too. */
  readonly domains: readonly string[];
};

/** The value of a measure when it was read. */
export type Measured = {
  /** null = there is nothing to measure, or the key may not read it. */
  readonly value: number | null;
  /** The age of the end of the newest data when it was read, in ms; 0 if it is read live; null = there is no data. */
  readonly lagMs: number | null;
  /** True if the key may not read it: the value is unknown. Otherwise, null = there are no requests. */
  readonly isForbidden?: true;
};

/**
 * Rounds a measure to a millionth: the error of its arithmetic is smaller, and must not exceed a limit that the measure
 * only reaches.
 */
export function roundMeasure(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** Monitoring has a point for each minute. */
const pointS = 60;

/** The shortest time over which anything is judged, in seconds. */
export const judgedMinS = 5;

/**
 * The shortest time over which readings of a measure can be evaluated, in seconds. While monitoring lags, all readings
 * within its lag may be of a time before the first of them, and two of them may be of the same minute: only later ones
 * confirm it.
 */
export function shortestJudgedS(lagMs: number): number {
  return lagMs <= 0 ? judgedMinS : Math.ceil(lagMs / 1000) + pointS;
}
