/** What is known of the syncs of one connection; times are epoch ms, null = never. */
export type SyncTimes = {
  readonly now: number;
  /** The last reading of the whole, and the last look since then at what changes often. */
  readonly takenAt: number | null;
  readonly partsAt: number | null;
  /** When the sync that runs began; null = none runs. */
  readonly runningSince: number | null;
  /** When the last sync failed; null = it did not. */
  readonly failedAt: number | null;
  /** When this worker last began by itself. */
  readonly triedAt: number | null;
};

/** In seconds; 0 = never. */
export type SyncPaces = { readonly partsS: number; readonly wholeS: number };

/** A sync that is asked for and has not ended for so long has lost its worker: nobody waits for it any more. */
const lostAfterMs = 1_800_000;

/**
 * What a worker should read by itself now. After a failure it waits as long as between two looks; while somebody's own sync
 * runs it does nothing. A clock that was set back makes nothing due, and nothing wait longer than its pace.
 */
export function syncDue(times: SyncTimes, { partsS, wholeS }: SyncPaces): 'whole' | 'parts' | null {
  const { now, takenAt, partsAt, runningSince, failedAt, triedAt } = times;
  if (runningSince !== null && now - runningSince < lostAfterMs) return null;
  const isSince = (at: number | null, seconds: number) => at === null || Math.abs(now - at) >= seconds * 1000;
  const restS = Math.min(...[partsS, wholeS].filter((seconds) => seconds > 0));
  if (!isSince(triedAt, restS) || !isSince(failedAt, restS)) return null;
  // The first reading of all is asked for when a worker starts; when that failed it is taken up here.
  if (takenAt === null) return wholeS > 0 && failedAt !== null ? 'whole' : null;
  if (wholeS > 0 && isSince(takenAt, wholeS)) return 'whole';
  return partsS > 0 && isSince(Math.max(takenAt, partsAt ?? takenAt), partsS) ? 'parts' : null;
}
