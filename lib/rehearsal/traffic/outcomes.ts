import { type RefusalCause, refusalCauses } from '@/lib/capacity/sides/causes';

/** The causes of failed requests in a rehearsal: those of the capacity model, and those of routing. */
export const failureCauses = [
  ...refusalCauses,
  /** ClientGroups get no answer from their resolver, or an answer without addresses. */
  'noAddress',
  /** Nothing listens at the address that clients still use, or already use. */
  'noListener',
  /** No rule of the listener takes the request: 404. */
  'noRule',
  /** The default domain of the listener answers with another site, and a status of its own. */
  'wrongSite',
  /** The client still uses an address that DNS returns no more, and nothing there serves the name. */
  'staleDns',
  /** The rule calls a function or a version that does not exist. */
  'noFunction',
  /** The server that gets the request does not respond: 502. */
  'serverDown',
] as const;
export type FailureCause = (typeof failureCauses)[number];

/** The responses that the cloud counts as 5xx of a rule, by which guards judge it. */
const serverErrors: ReadonlySet<FailureCause> = new Set<FailureCause>([
  'functionColdStart',
  'functionError',
  'serverBusy',
  'serverError',
  'serverTimeout',
  'serverSlow',
  'noBackend',
  'noFunction',
  'serverDown',
]);

/** Returns whether a failure counts in the measure `errorRate`. */
export function isServerError(cause: FailureCause): boolean {
  return serverErrors.has(cause);
}

/** Returns whether the function has refused the request for lack of instances: the measure `throttles`. */
export function isThrottle(cause: FailureCause): cause is RefusalCause {
  return cause === 'functionConcurrency' || cause === 'functionBurst';
}

/** Shares of the requests of one step to one place, by cause; what is missing from 1 was served. */
export type Failures = Readonly<Partial<Record<FailureCause, number>>>;

/** The failures of requests that are all served: most are, so that looking for causes can be left out. */
export const noFailures: Failures = {};

/** Calls `visit` with each cause that occurs, in the order of the list. */
export function eachFailure(failures: Failures, visit: (cause: FailureCause, amount: number) => void): void {
  if (failures === noFailures) return;
  for (const cause of failureCauses) {
    const amount = failures[cause];
    if (amount !== undefined && amount > 0) visit(cause, amount);
  }
}

/** Returns the share that fails. */
export function sumFailures(failures: Failures): number {
  let sum = 0;
  eachFailure(failures, (_, share) => {
    sum += share;
  });
  return Math.min(1, sum);
}
