'use server';

import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { CreateCalendarFeedAction, RevokeCalendarFeedAction } from '@/lib/contract/schedule';
import { calendarFeeds } from '@/lib/db/schema/installation';
import { ok } from '@/lib/result';
import { routes } from '@/lib/routes';
import { verb } from '@/lib/server/verb';
import { publicUrl } from '@/lib/settings';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';
import { hashToken } from './hash-token';

/** The maximum number of feeds: each address is a credential. */
const feedsMax = 20;

/** Creates an address for calendar programs. Its token has 256 random bits and is stored as a hash. */
export const createFeed = verb(
  'calendarFeed.create',
  z.object({ name: z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong') }),
  'all',
  async ({ name }, actor, note): ReturnType<CreateCalendarFeedAction> => {
    note({ name });
    const { database, settings } = await serverContext();
    const { db } = database;
    if ((await db.$count(calendarFeeds)) >= feedsMax)
      return refuse('calendarFeed.tooMany', { max: feedsMax });
    const token = randomBytes(32).toString('base64url');
    await db
      .insert(calendarFeeds)
      .values({ name, tokenHash: hashToken(token), userId: actor.accountId, createdBy: actor.name });
    return ok({ token, url: `${publicUrl(settings)}${routes.api.calendar(token)}` });
  },
);

/** Revokes an address: it then responds like an address that never existed. */
export const revokeFeed = verb(
  'calendarFeed.revoke',
  z.number().int(),
  (id) => ({ calendarFeed: String(id) }),
  async (id): ReturnType<RevokeCalendarFeedAction> => {
    const { db } = (await serverContext()).database;
    const gone = await db
      .delete(calendarFeeds)
      .where(eq(calendarFeeds.id, id))
      .returning({ id: calendarFeeds.id });
    return gone.length === 0 ? refuse('calendarFeed.gone') : ok(null);
  },
);
