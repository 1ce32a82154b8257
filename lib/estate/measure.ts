import type { BoundFunction } from './model';
import type { RuleRef } from './object';

/**
 * What the cloud itself knows of moved traffic. All are better when lower.
 * - `errorRate`: share of the requests that the load balancers answered with 5xx in the last minute, in %;
 * - `throttles`: requests that the functions refused for want of concurrency in the last minute;
 * - `unhealthyTargets`: share of the CVM targets that fail their health check, in %;
 * - `provisionedLost`: share of the provisioned concurrency that is not ready, in %.
 */
export const cloudMeasures = ['errorRate', 'throttles', 'unhealthyTargets', 'provisionedLost'] as const;
export type CloudMeasure = (typeof cloudMeasures)[number];

/** A rule that traffic is moved to, with the functions that it calls; without any, CVM targets answer there. */
export type MeasuredRoute = Omit<RuleRef, 'kind'> & { readonly functions: readonly BoundFunction[] };

/** A listener, as monitoring finds it: it knows no domains and URLs of rules. */
export type ListenerPlace = Pick<RuleRef, 'connectionId' | 'region' | 'loadBalancerId' | 'listenerId'>;
