import 'server-only';
import { asc } from 'drizzle-orm';
import { z } from 'zod';
import type { VantagePointView } from '@/lib/contract/run-convergence';
import { vantagePoints } from '@/lib/db/schema';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';

/** Returns the public resolvers that are asked during runs of real accounts, in the order in which they were added. */
export const listVantagePoints = query(
  'vantagePoint.list',
  z.void(),
  'all',
  async (): Promise<readonly VantagePointView[]> => {
    const { db } = (await serverContext()).database;
    const rows = await db.select().from(vantagePoints).orderBy(asc(vantagePoints.id));
    return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }));
  },
);
