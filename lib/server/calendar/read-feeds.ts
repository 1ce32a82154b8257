import 'server-only';
import { asc, eq, sql } from 'drizzle-orm';
import ical, { ICalCalendarMethod, ICalEventStatus, ICalEventTransparency } from 'ical-generator';
import { createTranslator } from 'next-intl';
import { z } from 'zod';
import type { CalendarFeedView, FreezeView, ScheduledCutover, ScheduleView } from '@/lib/contract/schedule';
import { calendarFeeds } from '@/lib/db/schema/installation';
import { users } from '@/lib/db/schema/people';
import { listIntervals } from '@/lib/diversion/freeze-times';
import calendar from '@/lib/messages/en/calendar.json';
import run from '@/lib/messages/en/run.json';
import { mayUseEverywhere, toAccess } from '@/lib/policy/access';
import { routes } from '@/lib/routes';
import { readSchedule } from '@/lib/server/runs/get-schedule';
import { query } from '@/lib/server/verb';
import { publicUrl } from '@/lib/settings';
import { serverContext } from '@/lib/store/context';
import { hashToken } from './hash-token';

const t = createTranslator({ locale: 'en', messages: { calendar }, namespace: 'calendar' });
const stateName = createTranslator({ locale: 'en', messages: { run }, namespace: 'run.state' });

const dayMs = 86_400_000;
/** The range, back and ahead, in which occurrences of recurring change freezes are listed as separate events. */
const pastMs = 31 * dayMs;
const aheadMs = 92 * dayMs;
/** The displayed length of a cutover without T1, from its T0. */
const openMs = 3_600_000;
/** The interval at which calendar programs should refresh the feed, in seconds. */
const refreshS = 900;

/** Returns the span of a cutover from the start of prewarm to the end of its rollback. */
function getSpan({ prewarmAt, cutover, backAt, divertedAt }: ScheduledCutover) {
  const moved = Math.max(Date.parse(divertedAt), Date.parse(cutover.t0));
  const end = backAt ?? new Date(moved + openMs).toISOString();
  return {
    start: new Date(prewarmAt),
    end: new Date(Math.max(Date.parse(end), Date.parse(prewarmAt) + 60_000)),
  };
}

function describeCutover(cutover: ScheduledCutover, origin: string): string {
  const { t0, t1 } = cutover.cutover;
  return [
    t('state', { state: stateName(cutover.state) }),
    t('times', { t0, t1: t1 ?? t('stays') }),
    t('account', { name: cutover.connectionName, actor: cutover.actor }),
    `${origin}${routes.run(cutover.runId)}`,
  ].join('\n');
}

/** Returns the occurrences of a freeze in the calendar, as events with stable ids. */
function listFreezeEvents({ id, span }: FreezeView, now: number) {
  return listIntervals(span, now - pastMs, now + aheadMs).map(({ from, to }) => ({
    id: `freeze-${id}-${new Date(from).toISOString()}@spillway`,
    start: new Date(from),
    end: new Date(to),
  }));
}

/**
 * Returns the schedule as an iCalendar object (https://www.rfc-editor.org/rfc/rfc5545): each cutover and each
 * occurrence of a change freeze is an event. Times are in UTC, so clients need no zone definitions.
 * @param origin the address of the dashboard, for links
 */
export function buildCalendar(
  schedule: Pick<ScheduleView, 'now' | 'cutovers' | 'freezes'>,
  origin: string,
): string {
  const now = new Date(schedule.now);
  const made = ical({
    name: t('name'),
    description: t('about'),
    method: ICalCalendarMethod.PUBLISH,
    prodId: { company: 'Spillway', product: 'Schedule', language: 'EN' },
    ttl: refreshS,
  });
  for (const cutover of schedule.cutovers)
    made.createEvent({
      id: `${cutover.runId}@spillway`,
      stamp: now,
      ...getSpan(cutover),
      summary: t('cutover', { name: cutover.name, run: cutover.runId }),
      description: describeCutover(cutover, origin),
      url: `${origin}${routes.run(cutover.runId)}`,
      status: cutover.state === 'closed' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    });
  for (const freeze of schedule.freezes)
    for (const event of listFreezeEvents(freeze, now.getTime()))
      made.createEvent({
        ...event,
        stamp: now,
        summary: t('freeze', { name: freeze.name }),
        description: t('freezeAbout'),
        url: `${origin}${routes.schedule()}`,
        transparency: ICalEventTransparency.TRANSPARENT,
      });
  return made.toString();
}

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
