import { cloudMeasures } from '@/lib/estate/measure';
import type { Guard } from './cutover';

/**
 * The measures watched once traffic has moved. Lower is better for all of them.
 * - `probeFailures`: share of the probes of one round that failed, in %;
 * - `latency`: of the slowest probe of a round, in ms; and the cloud's own metrics.
 */
export const guardMeasures = ['probeFailures', 'latency', ...cloudMeasures] as const;
export type GuardMeasure = (typeof guardMeasures)[number];

/** The longest time of a guard, in seconds. */
export const guardMaxS = 600;

/** The default: a dead route rolls back automatically, a slow one is held. */
export const defaultGuards: readonly Guard[] = [
  { measure: 'probeFailures', limit: 50, forS: 20, outcome: 'revert' },
  { measure: 'errorRate', limit: 5, forS: 30, outcome: 'revert' },
  { measure: 'latency', limit: 5000, forS: 30, outcome: 'hold' },
];
