'use server';

import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { alertEvents, alertSeverities, defaultLeadMinutes, everything } from '@/lib/alerts/alert';
import { type ChannelTarget, channelKinds } from '@/lib/alerts/channel';
import type {
  AddAlertChannelAction,
  ChangeAlertChannelAction,
  RemoveAlertChannelAction,
  TestAlertChannelAction,
} from '@/lib/contract/alert';
import type { ActionError } from '@/lib/contract/answer';
import type { Database } from '@/lib/db/database';
import { alertChannels, alertDeliveries, connections } from '@/lib/db/schema';
import { findSealingKey, sealingContext } from '@/lib/db/sealing-keys';
import { DomainPattern } from '@/lib/domain-pattern';
import alerts from '@/lib/messages/en/alerts.json';
import { isRegionCode } from '@/lib/region-code';
import { ok } from '@/lib/result';
import { routes } from '@/lib/routes';
import { seal } from '@/lib/sealed-box';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { makeTarget, TargetInput } from './make-target';

/** The maximum number of channels: each is called for every alert. */
const channelsMax = 20;
/** Tests of a channel that were not sent yet. */
const testsMax = 3;

/** The longest lead time: a day. */
const leadMinutesMax = 1440;

/** A list of which each item is checked, so that the error is that of the whole field. */
const list = (isValid: (item: string) => boolean, message: string, max: number) =>
  z
    .array(z.string().trim().toLowerCase())
    .max(max, message)
    .refine((items) => items.every(isValid), message)
    .default([]);

const Route = z.object({
  name: z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong'),
  events: z.array(z.enum(alertEvents)).min(1, 'alertChannel.events').max(alertEvents.length),
  minSeverity: z.enum(alertSeverities).default('info'),
  connectionId: z.string().min(1).max(100).nullable(),
  regions: list(isRegionCode, 'alertChannel.regions', 50),
  domains: list((text) => DomainPattern.safeParse(text).success, 'alertChannel.domains', 100),
  leadMinutes: z
    .array(z.number())
    .max(5, 'alertChannel.leadMinutes')
    .refine(
      (items) => items.every((item) => Number.isInteger(item) && item >= 1 && item <= leadMinutesMax),
      'alertChannel.leadMinutes',
    )
    .default([...defaultLeadMinutes]),
});

async function isConnection(id: string | null): Promise<boolean> {
  if (id === null) return true;
  const { db } = (await serverContext()).database;
  return (await db.$count(connections, eq(connections.id, id))) > 0;
}

/**
 * Seals a target for the workers, in the transaction that stores it; null = there is no key yet.
 */
async function sealTarget(
  tx: Pick<Database, 'execute' | 'select'>,
  target: ChannelTarget,
  id: string,
): Promise<string | null> {
  const key = await findSealingKey(tx);
  return key === null ? null : seal(key, JSON.stringify(target), sealingContext.alertChannel(id));
}

const listPrivateHosts = async () => (await serverContext()).settings.SPILLWAY_ALERT_PRIVATE_HOSTS ?? [];

/**
 * Adds a channel. Its target is sealed at once: the dashboard can't read it again. Spillway makes the signing secret of a
 * webhook, which only this answer has.
 */
export const addAlertChannel = verb(
  'alertChannel.add',
  Route.extend({ kind: z.enum(channelKinds) }).extend(TargetInput.shape),
  ({ connectionId }) => (connectionId === null ? 'all' : { connections: [connectionId] }),
  async (
    { kind, url, secret, conversation, mail, ...route },
    actor,
    note,
  ): ReturnType<AddAlertChannelAction> => {
    note({ name: route.name, kind });
    const made = makeTarget(kind, { url, secret, conversation, mail }, await listPrivateHosts());
    if (!made.ok) return made;
    const { target, host } = made.value;
    note({ host });
    if (!(await isConnection(route.connectionId))) return refuse('alertChannel.noConnection');
    const { db } = (await serverContext()).database;
    if ((await db.$count(alertChannels)) >= channelsMax)
      return refuse('alertChannel.tooMany', { max: channelsMax });
    const id = randomUUID();
    return db.transaction(async (tx) => {
      const sealed = await sealTarget(tx, target, id);
      if (sealed === null) return refuse('sealing.noKey');
      await tx.insert(alertChannels).values({ id, kind, host, sealed, ...route, createdBy: actor.name });
      return ok({ id, secret: made.value.made });
    });
  },
);

const belowTarget = (fields: ActionError['fields']) =>
  Object.fromEntries(Object.entries(fields).map(([field, keys]) => [`target.${field}`, keys]));

/** Finds a channel without its target, which the dashboard's role can't read. */
const findChannel = (db: Database, id: string) =>
  db.query.alertChannels.findFirst({
    columns: { kind: true, name: true },
    where: eq(alertChannels.id, id),
  });

/**
 * Changes the name of a channel, which alerts it gets, and its target, of the same kind. Without a target, it keeps its
 * own, which no one can read. A webhook with another target gets another signing secret, which only this answer has.
 */
export const changeAlertChannel = verb(
  'alertChannel.change',
  Route.extend({ id: z.string().min(1).max(100), target: TargetInput.nullable().default(null) }),
  ({ id }) => ({ alertChannel: id }),
  async ({ id, target: typed, ...route }, _actor, note): ReturnType<ChangeAlertChannelAction> => {
    note({ name: route.name });
    if (!(await isConnection(route.connectionId))) return refuse('alertChannel.noConnection');
    const { db } = (await serverContext()).database;
    const channel = await findChannel(db, id);
    if (channel === undefined) return refuse('alertChannel.gone');
    if (typed === null) {
      await db.update(alertChannels).set(route).where(eq(alertChannels.id, id));
      return ok({ secret: null });
    }
    const made = makeTarget(channel.kind, typed, await listPrivateHosts());
    if (!made.ok) return refuseFields(belowTarget(made.error.fields));
    const { target, host } = made.value;
    note({ host });
    return db.transaction(async (tx) => {
      const sealed = await sealTarget(tx, target, id);
      if (sealed === null) return refuse('sealing.noKey');
      await tx
        .update(alertChannels)
        .set({ ...route, host, sealed })
        .where(eq(alertChannels.id, id));
      return ok({ secret: made.value.made });
    });
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
    const channel = await findChannel(db, id);
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
      scope: everything,
      leadMinutes: null,
    } as const;
    const nextAt = new Date();
    await db.insert(alertDeliveries).values({ channelId: id, incident, state: 'test', alert, nextAt });
    return ok(null);
  },
);
