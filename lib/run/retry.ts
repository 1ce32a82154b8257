import { spread } from '@/lib/cloud/backoff';
import type { CloudErrorData } from '@/lib/cloud/errors';
import { isAway } from '@/lib/cloud/transient';
import type { Phase } from '@/lib/diversion/phase';

/** Every loop and wait of a run has a bound, named here. All in ms unless the name says otherwise. */

/** How often a write may fail in a way that sending it again hardly mends (a failed task) before a person decides. */
export const doubtfulFailuresMax = 3;
/**
 * How long each phase of an apply retries a transient failure before it holds, in ms. A rollback has no such bound: it
 * retries for as long as the cause lasts.
 */
export const applyPatienceMs: Readonly<Record<Phase, number>> = {
  prewarm: 600_000,
  divert: 300_000,
  verify: 300_000,
  hold: 300_000,
  revert: 300_000,
  drain: 600_000,
};
/** How long a step retries at a stretch before the run hears commands and T1, in ms. */
export const retryRoundMs = 30_000;
/** A failure that is over sooner is not shown, in ms: one lost packet is no outage. */
export const shownAfterMs = 2000;
/** While retrying goes on with the same failure, it is written down this often, in ms. */
export const shownEveryMs = 60_000;
/**
 * Pauses between two attempts: the cloud's return is noticed within 2 s, so a pause with its jitter stays below 1 s and a
 * connection that does not come about is given up after 1.5 s (`lib/cloud/tencent/clients.ts`). A cloud that answers, and
 * says that it is too early or too often, is left alone for longer.
 */
const awayPauses = { firstMs: 250, capMs: 800 };
const refusedPauses = { firstMs: 250, capMs: 8000 };

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

/**
 * Returns the pause after the n-th failure in a row, in ms: doubling, bounded, with ±20 % of jitter.
 * @param failures from 1
 */
export function retryPauseMs(
  failures: number,
  error: Pick<CloudErrorData, 'code'>,
  random: () => number,
): number {
  const { firstMs, capMs } = isAway(error) ? awayPauses : refusedPauses;
  return spread(Math.min(capMs, firstMs * 2 ** (failures - 1)), random);
}

/** Between two rounds of what is watched: a guard's time is 45 s at most, so its decision comes within a minute. */
export const watchEveryMs = 5000;

/** How often a waiting plan is looked at again: every 5 minutes, in the last half hour every minute. */
export const checkEveryMs = { far: 300_000, near: 60_000, nearFromMs: 1_800_000 } as const;
/** The last look comes this long before the instant, so that it makes nothing late. */
export const lastCheckMs = 5000;
/** An instant that was passed by no more than this counts as met. */
export const missedAfterMs = 10_000;
