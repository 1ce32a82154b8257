import { cloudMeasures } from '@/lib/estate/measure';
import type { Guard } from './cutover';

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

/** The default: a dead route rolls back automatically, a slow one is held. */
export const defaultGuards: readonly Guard[] = [
  { measure: 'probeFailures', limit: 50, forS: 20, outcome: 'revert' },
  { measure: 'errorRate', limit: 5, forS: 30, outcome: 'revert' },
  { measure: 'latency', limit: 5000, forS: 30, outcome: 'hold' },
];

/** The initial values of further guards in the editor. */
export const suggestedGuards: readonly Guard[] = [
  { measure: 'notConverged', limit: 20, forS: 300, outcome: 'hold' },
  { measure: 'splitDeviation', limit: 10, forS: 300, outcome: 'hold' },
  { measure: 'errorsAboveCvm', limit: 0.5, forS: 300, outcome: 'hold' },
  { measure: 'agentFailures', limit: 20, forS: 60, outcome: 'hold' },
];
