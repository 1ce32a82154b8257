/** The times of a connection's syncs, in epoch ms; null = never. */
export type SyncTimes = {
  readonly now: number;
  /** The last full sync, and the last sync since then of the frequently changing parts. */
  readonly takenAt: number | null;
  readonly partsAt: number | null;
  /** The start of the sync in progress; null = none. */
  readonly runningSince: number | null;
  /** The time when the last sync failed; null = it did not. */
  readonly failedAt: number | null;
  /** The time when this worker last started a sync on its own. */
  readonly attemptedAt: number | null;
};

/** Intervals in seconds; 0 = never. */
export type SyncPaces = { readonly partsS: number; readonly wholeS: number };

/** A requested sync that runs for longer has lost its worker, and no longer blocks others. */
const lostAfterMs = 1_800_000;

/**
 * Returns which sync a worker should start on its own now. After a failure it waits for one sync interval; while a
 * requested sync runs it starts none. Setting a clock back makes nothing due, and nothing waits longer than its
 * interval.
 */
export function syncDue(times: SyncTimes, { partsS, wholeS }: SyncPaces): 'whole' | 'parts' | null {
  const { now, takenAt, partsAt, runningSince, failedAt, attemptedAt } = times;
  if (runningSince !== null && now - runningSince < lostAfterMs) return null;
  const isSince = (at: number | null, seconds: number) => at === null || Math.abs(now - at) >= seconds * 1000;
  const restS = Math.min(...[partsS, wholeS].filter((seconds) => seconds > 0));
  if (!isSince(attemptedAt, restS) || !isSince(failedAt, restS)) return null;
  // A worker requests the very first sync at its start; if that failed, it is retried here.
  if (takenAt === null) return wholeS > 0 && failedAt !== null ? 'whole' : null;
  // Only a full sync reports that the account can be read again.
  if (wholeS > 0 && (failedAt !== null || isSince(takenAt, wholeS))) return 'whole';
  return partsS > 0 && isSince(Math.max(takenAt, partsAt ?? takenAt), partsS) ? 'parts' : null;
}
