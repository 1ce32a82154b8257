'use server';

import { randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { alertEvents } from '@/lib/alerts/alert';
import { type ChannelTarget, channelKinds, kindsWithSecret } from '@/lib/alerts/channel';
import type {
  AddAlertChannelAction,
  ChangeAlertChannelAction,
  RemoveAlertChannelAction,
  TestAlertChannelAction,
} from '@/lib/client/actions';
import { alertChannels, alertDeliveries, connections } from '@/lib/db/schema';
import alerts from '@/lib/messages/en/parts/alerts.json';
import { ok } from '@/lib/result';
import { routes } from '@/lib/routes';
import { seal } from '@/lib/sealed-box';
import { serverContext } from '@/lib/server/context';
import { refuse, refuseFields } from '@/lib/server/refusal';
import { verb } from '@/lib/server/verb';

/** The maximum number of channels: each is called for every alert. */
const channelsMax = 20;
/** Tests of a channel that were not sent yet. */
const testsMax = 3;

const ChannelUrl = z
  .string()
  .trim()
  .max(2000, 'alertChannel.url')
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  }, 'alertChannel.url');

const Route = z.object({
  name: z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong'),
  events: z.array(z.enum(alertEvents)).min(1, 'alertChannel.events').max(alertEvents.length),
  connectionId: z.string().min(1).max(100).nullable(),
});

async function isConnection(id: string | null): Promise<boolean> {
  if (id === null) return true;
  const { db } = (await serverContext()).database;
  return (await db.$count(connections, eq(connections.id, id))) > 0;
}

/**
 * Adds a channel. Its target is sealed at once: the dashboard can't read it again. Spillway makes the signing secret of a
 * webhook, which only this answer has.
 */
export const addAlertChannel = verb(
  'alertChannel.add',
  Route.extend({
    kind: z.enum(channelKinds),
    url: ChannelUrl,
    secret: z.string().trim().max(200, 'alertChannel.secret').nullable(),
  }),
  ({ connectionId }) => (connectionId === null ? 'all' : { connections: [connectionId] }),
  async ({ kind, url, secret: typed, ...route }, actor, note): ReturnType<AddAlertChannelAction> => {
    const { hostname: host, protocol } = new URL(url);
    note({ name: route.name, kind, host });
    const { settings, database } = await serverContext();
    const { SPILLWAY_ALERT_PUBLIC_KEY: key, SPILLWAY_ALERT_PRIVATE_HOSTS: privateHosts = [] } = settings;
    if (key === undefined) return refuse('alertChannel.noKey');
    if (protocol !== 'https:' && !privateHosts.includes(host))
      return refuseFields({ url: ['alertChannel.https'] });
    if (!(await isConnection(route.connectionId))) return refuse('alertChannel.noConnection');
    const { db } = database;
    if ((await db.$count(alertChannels)) >= channelsMax)
      return refuse('alertChannel.tooMany', { max: channelsMax });
    const made = kind === 'webhook' ? `whsec_${randomBytes(32).toString('base64')}` : null;
    const secret = made ?? (kindsWithSecret.includes(kind) && typed ? typed : null);
    const id = randomUUID();
    const target: ChannelTarget = { url, secret };
    const sealed = seal(key, JSON.stringify(target), id);
    await db.insert(alertChannels).values({ id, kind, host, sealed, ...route, createdBy: actor.name });
    return ok({ id, secret: made });
  },
);

/** Changes which alerts a channel gets, and its name. Its target stays: for another one, add another channel. */
export const changeAlertChannel = verb(
  'alertChannel.change',
  Route.extend({ id: z.string().min(1).max(100) }),
  ({ id }) => ({ alertChannel: id }),
  async ({ id, ...route }, _actor, note): ReturnType<ChangeAlertChannelAction> => {
    note({ name: route.name });
    if (!(await isConnection(route.connectionId))) return refuse('alertChannel.noConnection');
    const { db } = (await serverContext()).database;
    const changed = await db
      .update(alertChannels)
      .set(route)
      .where(eq(alertChannels.id, id))
      .returning({ id: alertChannels.id });
    return changed.length === 0 ? refuse('alertChannel.gone') : ok(null);
  },
);

/** Removes a channel with its target and its deliveries. */
export const removeAlertChannel = verb(
  'alertChannel.remove',
  z.object({ id: z.string().min(1).max(100) }),
  ({ id }) => ({ alertChannel: id }),
  async ({ id }): ReturnType<RemoveAlertChannelAction> => {
    const { db } = (await serverContext()).database;
    const gone = await db
      .delete(alertChannels)
      .where(eq(alertChannels.id, id))
      .returning({ id: alertChannels.id });
    return gone.length === 0 ? refuse('alertChannel.gone') : ok(null);
  },
);

/** Queues a test alert, which the worker sends like any other. */
export const testAlertChannel = verb(
  'alertChannel.test',
  z.object({ id: z.string().min(1).max(100) }),
  ({ id }) => ({ alertChannel: id }),
  async ({ id }): ReturnType<TestAlertChannelAction> => {
    const { db } = (await serverContext()).database;
    const channel = await db.query.alertChannels.findFirst({ where: eq(alertChannels.id, id) });
    if (channel === undefined) return refuse('alertChannel.gone');
    const waiting = await db.query.alertDeliveries.findMany({
      where: (row, { and, eq: is }) => and(is(row.channelId, id), is(row.delivery, 'waiting')),
    });
    if (waiting.filter(({ alert }) => alert.event === 'test').length >= testsMax)
      return refuse('alertChannel.testsWait');
    const incident = `test ${randomUUID()}`;
    const alert = {
      event: 'test',
      incident,
      state: 'test',
      title: `${alerts.event.test}: ${channel.name}`,
      text: alerts.message.test,
      path: routes.settings(),
      at: new Date().toISOString(),
      connectionId: channel.connectionId,
    } as const;
    const nextAt = new Date();
    await db.insert(alertDeliveries).values({ channelId: id, incident, state: 'test', alert, nextAt });
    return ok(null);
  },
);
