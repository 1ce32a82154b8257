import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eq } from 'drizzle-orm';
import ICAL from 'ical.js';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { GET } from '@/app/api/calendar/[token]/schedule.ics/route';
import { calendarFeeds, users } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { actAs } from '@/lib/server/request-actor';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { addFreeze } from '@/lib/server/settings/change-freezes';
import { testCaller } from '@/testing/server/test-caller';
import { testContext } from '@/testing/server/test-context';
import { giveGrants, giveRole } from '@/testing/server/test-person';
import { createFeed, revokeFeed } from './change-feeds';
import { listFeeds } from './read-feeds';

const context = testContext();

/** Serves the route as Next does, with the token in the path. */
const server = createServer(async (message, response) => {
  const token = decodeURIComponent(message.url?.split('/')[3] ?? '');
  const headers = { host: message.headers.host ?? '' };
  const answer = await GET(new Request('http://next.internal/', { headers }), {
    params: Promise.resolve({ token }),
  });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(await answer.text());
}).listen(0, '127.0.0.1');
afterAll(() => new Promise((closed) => server.close(closed)));

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

const hourMs = 3_600_000;
const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const read = (token: string) => fetch(`${origin()}/api/calendar/${encodeURIComponent(token)}/schedule.ics`);
async function create(name = 'Ops calendar'): Promise<string> {
  const made = await createFeed({ name });
  invariant(made.ok, 'the feed is created');
  return made.value.token;
}
/** Parses the events of a feed with an independent parser. */
async function readEvents(token: string) {
  const response = await read(token);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  const text = await response.text();
  // https://www.rfc-editor.org/rfc/rfc5545#section-3.1: lines end with CRLF and have at most 75 octets.
  for (const line of text.split('\r\n')) {
    expect(line).not.toMatch(/[\r\n]/);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  }
  const calendar = new ICAL.Component(ICAL.parse(text));
  expect(calendar.getFirstPropertyValue('version')).toBe('2.0');
  expect(calendar.getFirstPropertyValue('prodid')).toBeTruthy();
  return calendar.getAllSubcomponents('vevent').map((component) => {
    // Each has what https://www.rfc-editor.org/rfc/rfc5545#section-3.6.1 requires.
    for (const name of ['uid', 'dtstamp', 'dtstart']) expect(component.hasProperty(name)).toBe(true);
    const event = new ICAL.Event(component);
    expect(event.startDate.zone).toBe(ICAL.Timezone.utcTimezone);
    return {
      uid: event.uid,
      summary: event.summary,
      description: event.description,
      url: String(component.getFirstPropertyValue('url')),
      from: event.startDate.toJSDate().toISOString(),
      to: event.endDate.toJSDate().toISOString(),
    };
  });
}

it('has each cutover, from prewarm to the end of its rollback, with a link to its run', async () => {
  const plan = await context.plan();
  const t0 = new Date(Math.ceil(Date.now() / hourMs) * hourMs + 24 * hourMs);
  const cutover = {
    t0: t0.toISOString(),
    t1: new Date(t0.getTime() + 2 * hourMs).toISOString(),
    zone: 'Asia/Jakarta',
    prewarmS: 600,
    missedT0: { kind: 'ask' as const },
    guards: [],
  };
  const applied = await applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null, cutover });
  invariant(applied.ok, `it is scheduled: ${JSON.stringify(applied)}`);
  const [event, ...others] = await readEvents(await create());
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    uid: `${applied.value.runId}@spillway`,
    summary: `12.12 flash split (${applied.value.runId})`,
    from: new Date(t0.getTime() - 600_000).toISOString(),
    url: `http://127.0.0.1:3000/runs/${applied.value.runId}`,
  });
  expect(Date.parse(event?.to ?? '')).toBeGreaterThan(Date.parse(cutover.t1));
  expect(event?.description).toContain(`T0 ${cutover.t0}, T1 ${cutover.t1}`);
});

it('has each time of a recurring change freeze in UTC, and escapes any name', async () => {
  const name = 'Settlement; night, \\ "batch"\nBEGIN:VEVENT 夜間 🌙 with a name longer than a line';
  const span = {
    kind: 'daily' as const,
    fromMinute: 1320,
    toMinute: 240,
    zone: 'Asia/Jakarta',
    weekdays: [6],
  };
  await addFreeze({ name: name, span });
  const events = await readEvents(await create());
  // Four months have 17 or 18 Saturdays.
  expect(events.length).toBeGreaterThanOrEqual(17);
  for (const { summary, from, to } of events) {
    expect(summary).toBe(`Change freeze: ${name}`);
    expect(from).toMatch(/T15:00:00/);
    expect(new Date(from).getUTCDay()).toBe(6);
    expect(Date.parse(to) - Date.parse(from)).toBe(6 * hourMs);
  }
  expect(new Set(events.map(({ uid }) => uid)).size).toBe(events.length);
});

it('keeps the ids of its events between reads', async () => {
  await addFreeze({ name: 'x', span: { kind: 'daily', fromMinute: 0, toMinute: 60, zone: 'UTC' } });
  const token = await create();
  const uids = async () => (await readEvents(token)).map(({ uid }) => uid);
  expect(await uids()).toEqual(await uids());
});

it('stores only the hash of a token, and shows when it was last read', async () => {
  const token = await create();
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(JSON.stringify(await context.db.select().from(calendarFeeds))).not.toContain(token);
  expect(await listFeeds()).toMatchObject([{ name: 'Ops calendar', createdBy: 'local', lastReadAt: null }]);
  await read(token);
  expect((await listFeeds())[0]?.lastReadAt).not.toBeNull();
  expect(JSON.stringify(await listFeeds())).not.toContain(token);
});

it('links to the address that people open', async () => {
  await addFreeze({ name: 'x', span: { kind: 'daily', fromMinute: 0, toMinute: 60, zone: 'UTC' } });
  await context.withSettings({ SPILLWAY_URL: 'https://spillway.example.com' }, async () => {
    const made = await createFeed({ name: 'Ops' });
    invariant(made.ok, 'the feed is created');
    const { token, url } = made.value;
    expect(url).toBe(`https://spillway.example.com/api/calendar/${token}/schedule.ics`);
    const [event] = await readEvents(token);
    expect(event?.url).toBe('https://spillway.example.com/schedule');
  });
});

it.each(['demoted', 'limited', 'removed'])('ends when its creator is %s', async (how) => {
  const sari = testCaller('sari@example.com', 'administrator');
  await giveRole(context.db, 'sari@example.com', 'administrator');
  await context.withSettings({ SPILLWAY_SIGN_IN: 'on' }, async () => {
    const token = await actAs(sari, () => create());
    expect((await read(token)).status).toBe(200);
    if (how === 'demoted') await giveRole(context.db, 'sari@example.com', 'operator');
    if (how === 'limited')
      await giveGrants(context.db, 'sari@example.com', [
        { role: 'administrator', connections: null, regions: null, domains: ['shop.example.com'] },
      ]);
    if (how === 'removed') await context.db.delete(users).where(eq(users.email, 'sari@example.com'));
    expect((await read(token)).status).toBe(404);
  });
});

it('needs a creator with an account where people sign in', async () => {
  const token = await create();
  await context.withSettings({ SPILLWAY_SIGN_IN: 'on' }, async () =>
    expect((await read(token)).status).toBe(404),
  );
  expect((await read(token)).status).toBe(200);
});

it('responds with 404 to a token that is revoked, unknown or missing', async () => {
  const token = await create();
  const other = await create('Other');
  const [feed] = await listFeeds();
  expect(await revokeFeed(feed?.id ?? 0)).toEqual({ ok: true, value: null });
  expect((await read(token)).status).toBe(404);
  expect((await read(other)).status).toBe(200);
  expect((await read('A'.repeat(43))).status).toBe(404);
  expect((await read("' or 1=1")).status).toBe(404);
  expect(await revokeFeed(feed?.id ?? 0)).toMatchObject({
    error: { form: { message: 'calendarFeed.gone' } },
  });
});

it('refuses a feed without a name, and the twenty-first', async () => {
  expect(await createFeed({ name: ' ' })).toMatchObject({ error: { fields: { name: ['name.missing'] } } });
  for (let count = 0; count < 20; count += 1) await create(String(count));
  expect(await createFeed({ name: 'one more' })).toMatchObject({
    error: { form: { message: 'calendarFeed.tooMany' } },
  });
});
