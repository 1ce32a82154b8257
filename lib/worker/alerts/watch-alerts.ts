import { lt, sql } from 'drizzle-orm';
import { type Alert, AlertRoute, selectAlerts } from '@/lib/alerts/alert';
import type { Database } from '@/lib/db/database';
import { alertChannels, alertDeliveries } from '@/lib/db/schema';
import type { Lease } from '@/lib/run/durable/lease';
import { readStored, type WorkLoop } from '@/lib/worker/loop/work-loop';
import { type DeliveryDeps, deliverAlerts } from './deliver-alerts';
import { findResolved } from './find/find-resolved';
import { driftSearch, listSearches } from './find-alerts';

const pollMs = 2000;
/** Drift is found by syncs, which are rarer: background syncs start every minute. */
const driftEveryMs = 20_000;

type AlertDeps = DeliveryDeps & {
  /** Of the searches for alerts and for ended incidents, and of the channels. */
  readonly loops: Readonly<Record<'searches' | 'ends' | 'channels', WorkLoop>>;
  readonly lease: Pick<Lease, 'whileFree'>;
  /** Deliveries are removed from the log after this many days. */
  readonly keptDays: number;
  readonly onError: (error: unknown) => void;
};

type Channel = typeof alertChannels.$inferSelect;

const parseRoute = ({ createdAt, ...channel }: Channel) =>
  AlertRoute.safeParse({ ...channel, since: createdAt.toISOString() });

/** Stores a delivery for each alert of a channel that has none: from then on, it is sent whatever happens. */
async function queueAlerts(
  db: Database,
  channel: Channel,
  alerts: readonly Alert[],
  nextAt: Date,
): Promise<void> {
  const route = readStored(parseRoute(channel), 'alert_channel', 'it gets no alerts; save the channel again');
  const wanted = selectAlerts(route, alerts).map((alert) => ({
    channelId: channel.id,
    incident: alert.incident,
    state: alert.state,
    alert,
    nextAt,
  }));
  if (wanted.length > 0) await db.insert(alertDeliveries).values(wanted).onConflictDoNothing();
}

/** Stores a delivery for the end of each incident that a channel was told of. */
async function queueResolved(
  db: Database,
  resolved: Awaited<ReturnType<typeof findResolved>>,
  nextAt: Date,
): Promise<void> {
  if (resolved.length === 0) return;
  const rows = resolved.map(({ channelId, alert }) => {
    const { incident, state } = alert;
    return { channelId, incident, state, alert, nextAt };
  });
  await db.insert(alertDeliveries).values(rows).onConflictDoNothing();
}

/**
 * Creates a round: one worker at a time finds new alerts and sends what is due, to all channels concurrently. What is to be sent
 * is in the database, so that it survives a restart and another worker continues.
 */
export function alertRounds({ loops, lease, keptDays, onError, ...deps }: AlertDeps): () => Promise<void> {
  const { db, now } = deps;
  let isBusy = false;
  let driftDueMs = 0;

  /** Finds new alerts, and stores the ends of incidents. */
  const find = async (channels: readonly Channel[], at: Date): Promise<readonly Alert[]> => {
    const found = new Map<string, readonly Alert[]>();
    // No one is told what no channel wants. A damaged channel is reported when it gets its alerts.
    const wanted = channels.flatMap((channel) => parseRoute(channel).data ?? []);
    const readsDrift = at.getTime() >= driftDueMs && wanted.some(({ events }) => events.includes('drift'));
    if (readsDrift) driftDueMs = at.getTime() + driftEveryMs;
    const leadMinutes = wanted.flatMap((route) => route.leadMinutes);
    const searches = listSearches(db, { now: at, leadMinutes, readsDrift });
    await loops.searches.each(
      searches,
      ({ name }) => name,
      async (search) => {
        found.set(search.name, await search.find());
        return true;
      },
    );
    const drifted = readsDrift ? found.get(driftSearch)?.map(({ incident }) => incident) : undefined;
    await loops.ends.each(['the search for ended incidents'], String, async () => {
      await queueResolved(db, await findResolved(db, at, drifted ? new Set(drifted) : null), at);
      return true;
    });
    return searches.flatMap(({ name }) => found.get(name) ?? []);
  };

  const round = async () => {
    const channels = await db.select().from(alertChannels);
    const at = now();
    const alerts = channels.length > 0 ? await find(channels, at) : [];
    await loops.channels.each(
      channels,
      ({ id }) => `alert channel ${id}`,
      async (channel) => {
        await queueAlerts(db, channel, alerts, at);
        return deliverAlerts(channel, deps);
      },
    );
    const oldest = new Date(now().getTime() - keptDays * 86_400_000);
    await db
      .delete(alertDeliveries)
      .where(sql`${lt(alertDeliveries.createdAt, oldest)} and ${alertDeliveries.endedAt} is not null`);
  };
  return async () => {
    // The lock belongs to the worker, so it does not serialize the worker's own rounds.
    if (isBusy) return;
    isBusy = true;
    try {
      await lease.whileFree('alerts', round);
    } finally {
      isBusy = false;
    }
  };
}

/** Sends alerts as long as the process lives; a failed round is retried. */
export function startAlerts(deps: AlertDeps): void {
  const round = alertRounds(deps);
  const next = () => {
    setTimeout(() => void round().catch(deps.onError).finally(next), pollMs).unref();
  };
  next();
}
