import 'server-only';
import { asc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { CalendarFeedView } from '@/lib/client/views';
import { calendarFeeds } from '@/lib/db/schema';
import { serverContext } from '@/lib/server/context';
import { readSchedule } from '@/lib/server/runs/get-schedule';
import { query } from '@/lib/server/verb';
import { buildCalendar } from './build-calendar';
import { hashToken } from './hash-token';

/** Returns the addresses for calendar programs, without their tokens. */
export const listFeeds = query(
  'calendarFeed.list',
  z.void(),
  'all',
  async (): Promise<readonly CalendarFeedView[]> => {
    const { db } = (await serverContext()).database;
    const rows = await db.select().from(calendarFeeds).orderBy(asc(calendarFeeds.id));
    return rows.map(({ id, name, createdBy, createdAt, lastReadAt }) => ({
      id,
      name,
      createdBy,
      createdAt: createdAt.toISOString(),
      lastReadAt: lastReadAt?.toISOString() ?? null,
    }));
  },
);

/** The form of a token: 32 bytes in base64url. */
const Token = z.string().regex(/^[\w-]{43}$/);

/**
 * Returns the schedule as a calendar for a feed token; null if no feed has it.
 * @param origin the address of the dashboard, for links
 */
export const readFeed = query(
  'calendarFeed.read',
  z.object({ token: z.string().max(200), origin: z.url() }),
  'all',
  async ({ token, origin }): Promise<string | null> => {
    if (!Token.safeParse(token).success) return null;
    const { db } = (await serverContext()).database;
    const hasToken = eq(calendarFeeds.tokenHash, hashToken(token));
    const [feed] = await db.select({ id: calendarFeeds.id }).from(calendarFeeds).where(hasToken);
    if (feed === undefined) return null;
    // Clients poll often: one write per minute is enough to show that an address is in use.
    await db
      .update(calendarFeeds)
      .set({ lastReadAt: sql`date_trunc('minute', now())` })
      .where(sql`${hasToken} and ${calendarFeeds.lastReadAt} is distinct from date_trunc('minute', now())`);
    return buildCalendar(await readSchedule(), origin);
  },
);
