import type { CloudErrorData } from '@/lib/cloud/errors';
import { isAway } from '@/lib/cloud/transient';
import type { Phase } from '@/lib/diversion/phase';
import { spread } from '@/lib/timing/backoff';

/** Limits of every loop and wait of a run. In ms unless the name has another unit. */

/** The number of write failures that a retry is unlikely to fix (a failed task) before the run is stopped. */
export const doubtfulFailuresMax = 3;
/**
 * The number of internal errors after which a rollback is stopped, and the pause after each: long enough for a database or
 * a process that is restarting.
 */
export const internalErrorsMax = 4;
export const internalPauseMs = 10_000;
/**
 * The time for which each phase of an apply retries a transient failure before it stops, in ms. A rollback has no such
 * limit: it retries for as long as the cause lasts.
 */
export const applyRetryMs: Readonly<Record<Phase, number>> = {
  prewarm: 600_000,
  divert: 300_000,
  verify: 300_000,
  diverted: 300_000,
  rollback: 300_000,
  drain: 600_000,
};
/** The time for which a step retries continuously before the run checks for commands and T1, in ms. */
export const retryRoundMs = 30_000;
/** The interval at which a rollback that the cloud refuses is tried again, in ms. */
export const blockedRetryMs = 30_000;
/** Shorter failures are not shown, in ms: one lost packet is no outage. */
export const shownAfterMs = 2000;
/** A retry that has lasted this long needs attention, in ms: it is no short outage any more. */
export const attentionAfterMs = 15_000;
/** The interval at which a continuing retry with the same failure is recorded, in ms. */
export const shownEveryMs = 60_000;
/**
 * Pauses between two attempts. The cloud's recovery is detected within 2 s, so a pause with its jitter stays below 1 s
 * and a connection attempt times out after 1.5 s (`lib/cloud/tencent/call/clients.ts`). If the cloud responds that a
 * call is too early or too frequent, pauses are longer, but still below 2 s: the adapter keeps the documented rates.
 */
const awayPauses = { firstMs: 250, capMs: 800 };
const refusedPauses = { firstMs: 250, capMs: 1400 };

/**
 * The time for which the object may still read as before, after an accepted write (DNSPod's index lags up to 30 s,
 * https://cloud.tencent.com/document/api/1427/56180).
 */
export const readBackWithinMs = 35_000;
/**
 * The time for which the object is watched after a crash, for a write that may still arrive, before the write counts as
 * not sent. Records: as long as their index may lag. Rules: longer than a usual task, because the cloud rejects a call
 * sent while the first one's task is still running (`FailedOperation.ResourceInOperating`).
 */
export const inDoubtMs = {
  recordSet: readBackWithinMs,
  rule: 8000,
  listener: 8000,
  provisioned: 8000,
  // Load balancers are listed while they are created, but some time after the call.
  loadBalancer: 15_000,
} as const;
/**
 * The same of all but load balancers, counted from a failure that leaves the outcome open: a 5xx or a lost response. The
 * call itself is over, so repeated reads of the unchanged object decide that it did nothing. Of records, only a new one is
 * listed late (https://cloud.tencent.com/document/api/1427/56180), and DNSPod refuses to create it twice. A run continues
 * within 5 s.
 */
export const inDoubtAfterFailureMs = 3000;
/** The time that an existing load balancer may take until it has ids: longer than the timeout of its task. */
export const namedWithinMs = 180_000;
/**
 * A read no older than this when the write is sent counts as the last one before it. A call takes about as long to
 * arrive.
 */
export const lastReadWithinMs = 200;
/** Pauses between two reads of an object whose state is awaited: growing, with ±20 % of jitter. */
export const readPauses = { firstMs: 250, capMs: 2000 };
/** Returns the pause between two probes of one step: short at first, when a response is due, then longer. */
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

/** The interval between two rounds of measures: a guard's time is 45 s at most, so its decision comes within a minute. */
export const watchEveryMs = 5000;

/** The intervals between re-validations of a waiting plan, in ms, by the time that is left; each holds above its bound. */
export const checkIntervals = [
  { aboveMs: 86_400_000, everyMs: 3_600_000 },
  { aboveMs: 7_200_000, everyMs: 900_000 },
  { aboveMs: 1_800_000, everyMs: 300_000 },
  { aboveMs: 0, everyMs: 60_000 },
] as const;
/** The last check is this long before the instant, so that it delays nothing. */
export const lastCheckMs = 5000;
/** The tolerance within which an instant counts as met. */
export const missedAfterMs = 10_000;
