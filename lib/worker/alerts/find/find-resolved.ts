import { sql } from 'drizzle-orm';
import type { Alert, AlertEventKind } from '@/lib/alerts/alert';
import type { Database } from '@/lib/db/database';
import { readStandingSwitches } from '@/lib/store/alerts/read-alerts';
import { runsWithStateEvent } from '@/lib/store/runs/last-state-events';
import { t } from './alert-words';

/** The alerts about something that lasts, whose end is told. */
const lasting: readonly AlertEventKind[] = [
  'stopped',
  'missedT0',
  'guardBreach',
  'failover',
  'failoverStuck',
  'drift',
  'changesPaused',
];

/** The newest alert that a channel was sent about an incident. */
type Told = {
  readonly channelId: string;
  readonly incident: string;
  readonly state: string;
  readonly alert: Alert;
};

/** The way in which something ended: a key of its message. */
type End =
  | 'continues'
  | 'rollsBack'
  | 'ended'
  | 'breachOver'
  | 'changesResumed'
  | 'switchServes'
  | 'switchMoved'
  | 'driftOver';

const textList = (texts: readonly string[]) =>
  sql.join(
    texts.map((text) => sql`${text}`),
    sql`, `,
  );

/** Reads the incidents whose newest message was accepted by its channel, and is about something that lasts. */
async function readTold(db: Database): Promise<readonly Told[]> {
  const { rows } = await db.execute<Told>(sql`
    select newest.channel_id as "channelId", newest.incident, newest.state, newest.alert
    from (
      select distinct on (channel_id, incident) * from alert_delivery order by channel_id, incident, id desc
    ) as newest
    where newest.delivery = 'sent' and newest.alert->>'event' in (${textList(lasting)})`);
  return rows;
}

type RunFacts = {
  readonly id: string;
  /** Of the event that determines its state. */
  readonly eventId: string | null;
  readonly type: string | null;
  readonly direction: string | null;
  readonly result: string | null;
  /** Its newest breach after its end. */
  readonly breachAt: string | null;
  readonly overAt: string | null;
};

async function readRunFacts(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, RunFacts>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.execute<RunFacts>(sql`
    select run.id, state_event.id::text as "eventId", state_event.event->>'type' as type,
      state_event.event->>'direction' as direction, state_event.event->>'result' as result,
      watch.summary->'breaches'->-1->>'at' as "breachAt", watch.summary->'breaches'->-1->>'overAt' as "overAt"
    from ${runsWithStateEvent} left join run_watch as watch on watch.run_id = run.id
    where run.id in (${textList(ids)})`);
  return new Map(rows.map((row) => [row.id, row]));
}

const isWaiting = ({ type }: RunFacts) => type === 'stopped' || type === 'missed';

/** Returns how a stop, a missed T0 or a breach of a run ended; null = it has not, or another alert of the run follows. */
function findRunEnd({ alert: { event } }: Told, occurrence: string, run: RunFacts): End | null {
  // Its journal was removed.
  if (run.eventId === null) return null;
  const [, breachAt] = /^breach (.+)$/.exec(occurrence) ?? [];
  if (breachAt !== undefined) {
    if (run.result !== 'done') return 'rollsBack';
    return run.breachAt === breachAt && run.overAt !== null ? 'breachOver' : null;
  }
  if (isWaiting(run)) return null;
  if (run.type === 'finished' || run.type === 'closed') return 'ended';
  if (run.direction === 'apply') return 'continues';
  // A guard or a missed T0 may have started the rollback: its end is the end of the alert.
  return event === 'stopped' ? 'rollsBack' : null;
}

type Known = {
  readonly runs: ReadonlyMap<string, RunFacts>;
  readonly switches: ReadonlySet<string>;
  /** The instants of the pauses in force. */
  readonly pauses: readonly string[];
  /** The incidents with drift; null = drift was not read. */
  readonly drifted: ReadonlySet<string> | null;
};

function findEnd(told: Told, { runs, switches, pauses, drifted }: Known): End | null {
  const { incident, state, alert } = told;
  const [kind, id = ''] = incident.split(' ');
  const occurrence = state.replace(/^alert /, '');
  switch (kind) {
    case 'run': {
      const run = runs.get(id);
      return run === undefined ? null : findRunEnd(told, occurrence, run);
    }
    case 'switch':
      if (switches.has(`${id} ${occurrence}`)) return null;
      return alert.event === 'failoverStuck' ? 'switchServes' : 'switchMoved';
    case 'pause':
      return pauses.includes(state) ? null : 'changesResumed';
    case 'drift':
      return drifted === null || drifted.has(incident) ? null : 'driftOver';
    default:
      return null;
  }
}

/**
 * Finds what has ended since channels were told of it, for each channel whose newest message about the incident still says
 * that it lasts. An acknowledgement ends nothing.
 * @param drifted the incidents with drift now; null = drift was not read
 */
export async function findResolved(
  db: Database,
  now: Date,
  drifted: ReadonlySet<string> | null,
): Promise<readonly { readonly channelId: string; readonly alert: Alert }[]> {
  const told = await readTold(db);
  if (told.length === 0) return [];
  const runIds = told.flatMap(({ incident }) => (/^run (.+)$/.exec(incident) ?? []).slice(1));
  const [runs, switches, stops] = await Promise.all([
    readRunFacts(db, [...new Set(runIds)]),
    readStandingSwitches(db),
    db.query.emergencyStops.findMany(),
  ]);
  const pauses = stops.map(({ at }) => at.toISOString());
  return told.flatMap((each) => {
    const { channelId, state, alert } = each;
    const end = findEnd(each, { runs, switches, pauses, drifted });
    if (end === null) return [];
    const resolved: Alert = {
      ...alert,
      event: 'resolved',
      state: `resolved ${state}`,
      title: t('message.title', { event: t('event.resolved'), name: alert.title }),
      text: t(`message.resolved.${end}`),
      at: now.toISOString(),
      leadMinutes: null,
    };
    return [{ channelId, alert: resolved }];
  });
}
