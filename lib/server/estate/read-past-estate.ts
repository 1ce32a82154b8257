import type { Database } from '@/lib/db/database';
import { asRead } from '@/lib/estate/history/carry-unread';
import { type Estate, readStoredEstate } from '@/lib/estate/model';
import { readSnapshot, type Version, versionAt } from './read-snapshot';

/** One consistent database state for all queries of a verb. */
export const atOnce = { isolationLevel: 'repeatable read', accessMode: 'read only' } as const;

type Past = { readonly version: Version; readonly estate: Estate };

/** Reads the estate at an instant, by the last sync before it, with its gaps; null before the first stored sync. */
export async function readPastEstate(db: Database, connectionId: string, at: Date): Promise<Past | null> {
  return db.transaction(async (tx) => {
    const version = await versionAt(tx, connectionId, at);
    const merged = version && (await readSnapshot(tx, connectionId, version));
    const estate = merged && readStoredEstate(asRead(merged));
    return version && estate ? { version, estate } : null;
  }, atOnce);
}
