/** Every loop and wait of a run has a bound, named here. All in ms unless the name says otherwise. */

/** How often one write is sent at most, refusals before acting (throttled, busy) included. */
export const writeAttemptsMax = 12;
/** How often a write may fail in a way that acting again hardly mends (failed task, lost reply) before a person decides. */
export const doubtfulFailuresMax = 3;
const backoffFirstMs = 250;
const backoffMaxMs = 8000;

/** After an accepted write: how long the object may still read as before (DNSPod's index lags up to 30 s,
 * https://cloud.tencent.com/document/api/1427/56180). */
export const readBackWithinMs = 35_000;
/**
 * After a lost reply or a crash: how long the object is watched for a write that may still be on its way, before it is
 * taken for not sent. Records as long as their index may lag. Rules for longer than a usual task: a call that is sent
 * while the first one's task still runs is refused by the cloud (`FailedOperation.ResourceInOperating`).
 */
export const inDoubtMs = {
  recordSet: readBackWithinMs,
  rule: 8000,
  listener: 8000,
  provisioned: 8000,
  // Load balancers are shown while they are made, but some time after the call.
  loadBalancer: 15_000,
} as const;
/** How long a load balancer that is there may take until it has ids: longer than its task is waited for. */
export const namedWithinMs = 180_000;
/**
 * A look at an object that is no older than this when its write goes out is the last one before it. A call takes about as
 * long on its way.
 */
export const lastLookWithinMs = 200;
export const pollMs = 500;
/** Between two probes of one step: often at first, when an answer is due, then seldom. */
export function probePauseMs(elapsedMs: number): number {
  return elapsedMs < 20_000 ? 1000 : 5000;
}

/** The pause before attempt `n` (2, 3, …): doubling, bounded. */
export function backoffMs(attempt: number): number {
  return Math.min(backoffMaxMs, backoffFirstMs * 2 ** Math.max(0, attempt - 2));
}

/** Between two rounds of what is watched: a guard's time is 45 s at most, so its decision comes within a minute. */
export const watchEveryMs = 5000;

/** How often a waiting plan is looked at again: every 5 minutes, in the last half hour every minute. */
export const checkEveryMs = { far: 300_000, near: 60_000, nearFromMs: 1_800_000 } as const;
/** The last look comes this long before the instant, so that it makes nothing late. */
export const lastCheckMs = 5000;
/** An instant that was passed by no more than this counts as met. */
export const missedAfterMs = 10_000;
