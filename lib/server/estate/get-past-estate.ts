import 'server-only';
import { z } from 'zod';
import type { PastEstateView } from '@/lib/client/views';
import { asRead } from '@/lib/estate/history/carry-unread';
import { readStoredEstate } from '@/lib/estate/model';
import { serverContext } from '@/lib/server/context';
import { query } from '@/lib/server/verb';
import { readSnapshot, versionAt } from './read-snapshot';

/** One state of the database for all queries of a verb. */
export const atOnce = { isolationLevel: 'repeatable read', accessMode: 'read only' } as const;

/**
 * Returns what was live at an instant, by the last sync before it: the snapshot of that time, with its gaps.
 * @returns null before the first stored sync
 */
export const getPastEstate = query(
  'estate.getPast',
  z.object({ connectionId: z.string(), at: z.date() }),
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, at }): Promise<PastEstateView | null> => {
    const { db } = (await serverContext()).database;
    return db.transaction(async (tx) => {
      const version = await versionAt(tx, connectionId, at);
      const merged = version && (await readSnapshot(tx, connectionId, version));
      const estate = merged && readStoredEstate(asRead(merged));
      if (!version || !estate) return null;
      return {
        estate,
        firstAt: version.firstAt.toISOString(),
        lastAt: version.lastAt.toISOString(),
        nextAt: version.nextAt?.toISOString() ?? null,
      };
    }, atOnce);
  },
);
