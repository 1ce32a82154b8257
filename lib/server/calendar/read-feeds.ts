import 'server-only';
import { asc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { CalendarFeedView } from '@/lib/client/views';
import { calendarFeeds, users } from '@/lib/db/schema';
import { mayUseEverywhere, toAccess } from '@/lib/policy/access';
import { serverContext } from '@/lib/server/context';
import { readSchedule } from '@/lib/server/runs/get-schedule';
import { query } from '@/lib/server/verb';
import { publicUrl } from '@/lib/settings';
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
 * Returns the schedule as a calendar for a feed token; null if no feed has it, or its creator may not create feeds any
 * more. A feed without an account works only without sign-in.
 */
export const readFeed = query(
  'calendarFeed.read',
  z.object({ token: z.string().max(200) }),
  'all',
  async ({ token }): Promise<string | null> => {
    if (!Token.safeParse(token).success) return null;
    const { database, settings } = await serverContext();
    const { db } = database;
    const hasToken = eq(calendarFeeds.tokenHash, hashToken(token));
    const [feed] = await db
      .select({ userId: calendarFeeds.userId, grants: users.grants })
      .from(calendarFeeds)
      .leftJoin(users, eq(users.id, calendarFeeds.userId))
      .where(hasToken);
    if (feed === undefined) return null;
    const isPermitted =
      feed.userId === null
        ? settings.SPILLWAY_SIGN_IN === 'off'
        : mayUseEverywhere(toAccess(feed.grants ?? []), 'calendarFeed.create');
    if (!isPermitted) return null;
    // Clients poll often: one write per minute is enough to show that an address is in use.
    await db
      .update(calendarFeeds)
      .set({ lastReadAt: sql`date_trunc('minute', now())` })
      .where(sql`${hasToken} and ${calendarFeeds.lastReadAt} is distinct from date_trunc('minute', now())`);
    return buildCalendar(await readSchedule(), publicUrl(settings));
  },
);
