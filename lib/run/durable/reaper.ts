import { type Lease, versionLock, workerLock } from './lease';
import type { EngineRecovery } from './recovery';
import type { EngineLog } from './start-engine';
import { type WorkKind, workKinds } from './work';

const pollMs = 500;
/**
 * A lock may be free for a moment while it changes hands: a worker counts as dead when its lock is free in two
 * consecutive rounds.
 */
const freeSeenMin = 2;
/**
 * A worker sends a heartbeat each second, and stops itself after 5 s without a response. A longer silence means that it
 * is frozen.
 */
const silentMs = 5000;
const silentSeenMin = 4;

/** Counts in how many consecutive rounds something was seen; a missed round resets the count. */
function rounds() {
  let seen = new Map<string, number>();
  return (names: readonly string[]): ReadonlyMap<string, number> => {
    seen = new Map(names.map((name) => [name, (seen.get(name) ?? 0) + 1]));
    return seen;
  };
}

/**
 * Recovers work that other workers have started: that of dead workers, and that of frozen ones, which it disconnects. A
 * frozen worker stops when it resumes; until then, the fence of each run rejects its writes. Also recovers the work of
 * older engine versions, and the syncs of newer ones, once no worker of that version runs.
 * @param who this worker's own name and engine version
 * @returns one round, for `startReaper` and for tests
 */
export function reaperRound(
  lease: Lease,
  engine: EngineRecovery,
  who: { readonly worker: string; readonly version: string },
  log: Pick<EngineLog, 'warn'>,
): () => Promise<void> {
  const seenFree = rounds();
  const seenSilent = rounds();
  const seenNewer = new Set<string>();

  const recover = async (worker: string) => {
    await lease.whileFree(workerLock(worker), async () => {
      const count = await engine.recover(worker);
      if (count > 0)
        log.warn(`worker "${worker}" has stopped; other workers continue its work (${count} recovered)`);
    });
  };
  const claim = async (version: string, kinds: readonly WorkKind[]) => {
    await lease.whileFree(versionLock(version), async () => {
      const count = await engine.claim(version, kinds);
      if (count > 0)
        log.warn(`work of engine version ${version} continues in this one (${count} taken over)`);
    });
  };
  const warnOfNewer = (version: string) => {
    if (seenNewer.has(version)) return;
    seenNewer.add(version);
    log.warn(
      `work of engine version ${version} waits for a worker of that version; this one has ${who.version}`,
    );
  };

  return async () => {
    const left = await engine.unfinished();
    const workers = [...new Set(left.flatMap(({ worker }) => worker ?? []))].filter((w) => w !== who.worker);
    const versions = [...new Set(left.map(({ version }) => version))].filter((v) => v !== who.version);
    const older = versions.filter((version) => Number(version) < Number(who.version));
    const locks = [...workers.map(workerLock), ...versions.map(versionLock)];
    const held = locks.length === 0 ? new Map<string, number>() : await lease.held(locks);

    const free = seenFree(locks.filter((lock) => !held.has(lock)));
    const isFree = (lock: string) => (free.get(lock) ?? 0) >= freeSeenMin;
    for (const worker of workers) {
      const isOurs = left.some((each) => each.worker === worker && each.version === who.version);
      if (isOurs && isFree(workerLock(worker))) await recover(worker);
    }
    for (const version of versions) {
      if (!isFree(versionLock(version))) continue;
      if (older.includes(version)) {
        await claim(version, workKinds);
        continue;
      }
      const kinds = new Set(left.filter((each) => each.version === version).map(({ kind }) => kind));
      // Of a newer version's work, only syncs have the same steps in every build. An unclaimed sync would block later
      // syncs of its connection.
      if (kinds.delete('sync')) await claim(version, ['sync']);
      if (kinds.size > 0) warnOfNewer(version);
    }

    const silent = seenSilent(locks.filter((lock) => (held.get(lock) ?? 0) > silentMs));
    for (const lock of locks) {
      if ((silent.get(lock) ?? 0) < silentSeenMin) continue;
      log.warn(
        `the holder of ${lock} has sent no heartbeat for ${silentMs / 1000} s; terminating its connection`,
      );
      await lease.cut(lock, silentMs);
    }
  };
}

/** Repeats rounds as long as the process lives. A failed round is retried; a lost lease ends the process anyway. */
export function startReaper(round: () => Promise<void>, log: Pick<EngineLog, 'debug'>): void {
  const next = () => {
    setTimeout(() => {
      round()
        .catch((error: unknown) => log.debug(error))
        .finally(next);
    }, pollMs).unref();
  };
  next();
}
