import { lt, sql } from 'drizzle-orm';
import { type Alert, selectAlerts } from '@/lib/alerts/alert';
import type { Database } from '@/lib/db/database';
import { alertChannels, alertDeliveries } from '@/lib/db/schema';
import type { Lease } from '@/lib/run/durable/lease';
import type { WorkLoop } from '@/lib/worker/loop/work-loop';
import { type DeliveryDeps, deliverAlerts } from './deliver-alerts';
import { findResolved } from './find/find-resolved';
import { findAlerts } from './find-alerts';

const pollMs = 2000;
/** Drift is found by syncs, which are rarer: background syncs start every minute. */
const driftEveryMs = 20_000;

type AlertDeps = DeliveryDeps & {
  readonly loop: WorkLoop;
  readonly lease: Pick<Lease, 'whileFree'>;
  /** Deliveries are removed from the log after this many days. */
  readonly keptDays: number;
  readonly onError: (error: unknown) => void;
};

type Channel = typeof alertChannels.$inferSelect;

/** Stores a delivery for each channel and alert that has none: from then on, it is sent whatever happens. */
async function queueAlerts(
  db: Database,
  channels: readonly Channel[],
  alerts: readonly Alert[],
  nextAt: Date,
): Promise<void> {
  const wanted = channels.flatMap(({ id, createdAt, ...channel }) => {
    const route = { ...channel, since: createdAt.toISOString() };
    return selectAlerts(route, alerts).map((alert) => ({
      channelId: id,
      incident: alert.incident,
      state: alert.state,
      alert,
      nextAt,
    }));
  });
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
export function alertRounds({ loop, lease, keptDays, onError, ...deps }: AlertDeps): () => Promise<void> {
  const { db, now } = deps;
  let isBusy = false;
  let driftDueMs = 0;
  const round = async () => {
    const channels = await db.select().from(alertChannels);
    // What is already stored is sent even if nothing new can be found.
    if (channels.length > 0) {
      const at = now();
      const readsDrift =
        at.getTime() >= driftDueMs && channels.some(({ events }) => events.includes('drift'));
      if (readsDrift) driftDueMs = at.getTime() + driftEveryMs;
      const leadMinutes = channels.flatMap((channel) => channel.leadMinutes);
      await findAlerts(db, { now: at, leadMinutes, readsDrift })
        .then(async (alerts) => {
          await queueAlerts(db, channels, alerts, at);
          const drifted = alerts.filter(({ event }) => event === 'drift').map(({ incident }) => incident);
          await queueResolved(db, await findResolved(db, at, readsDrift ? new Set(drifted) : null), at);
        })
        .catch(onError);
    }
    await loop.each(
      channels,
      ({ id }) => `alert channel ${id}`,
      (channel) => deliverAlerts(channel, deps),
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
