import 'server-only';
import { asc, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { AlertChannelsView } from '@/lib/contract/alert';
import { alertChannels, alertDeliveries } from '@/lib/db/schema';
import { mayUseEverywhere } from '@/lib/policy/access';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';

/** The newest deliveries that are listed. */
const deliveriesMax = 50;

/** Returns the channels of alerts, without their targets, and the newest deliveries: none to someone with limits. */
export const listAlertChannels = query(
  'alertChannel.list',
  z.void(),
  'all',
  async (_input, { access }): Promise<AlertChannelsView> => {
    if (!mayUseEverywhere(access, 'alertChannel.list')) return { channels: [], deliveries: [] };
    const { db } = (await serverContext()).database;
    const shown = {
      id: alertChannels.id,
      name: alertChannels.name,
      kind: alertChannels.kind,
      host: alertChannels.host,
      events: alertChannels.events,
      minSeverity: alertChannels.minSeverity,
      connectionId: alertChannels.connectionId,
      regions: alertChannels.regions,
      domains: alertChannels.domains,
      leadMinutes: alertChannels.leadMinutes,
    };
    const [channels, deliveries] = await Promise.all([
      db.select(shown).from(alertChannels).orderBy(asc(alertChannels.createdAt)),
      db
        .select({ delivery: alertDeliveries, channelName: alertChannels.name })
        .from(alertDeliveries)
        .innerJoin(alertChannels, eq(alertChannels.id, alertDeliveries.channelId))
        .orderBy(desc(alertDeliveries.id))
        .limit(deliveriesMax),
    ]);
    return {
      channels,
      deliveries: deliveries.map(
        ({ delivery: { id, alert, delivery, attempts, error, ...row }, channelName }) => ({
          id,
          channelName,
          event: alert.event,
          title: alert.title,
          text: alert.text,
          path: alert.path,
          delivery,
          attempts,
          error,
          at: (row.endedAt ?? row.createdAt).toISOString(),
          nextAt: delivery === 'waiting' ? row.nextAt.toISOString() : null,
        }),
      ),
    };
  },
);
