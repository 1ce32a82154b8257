import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Alert } from '@/lib/alerts/alert';
import type { Database } from '@/lib/db/database';
import { routes } from '@/lib/routes';
import { type DriftedObject, readDrifted } from '@/lib/server/drift/count-drift';
import { alertTitle, t } from './alert-words';
import { readScopes } from './read-scopes';

/** The maximum number of objects that a message names. */
const namedMax = 5;

function listNames(objects: readonly DriftedObject[]): string {
  const names = objects.map(({ name }) => name).toSorted();
  const named = names.slice(0, namedMax).join(', ');
  const count = names.length - namedMax;
  return count > 0 ? t('message.more', { objects: named, count }) : named;
}

/** Reads the name of each run's diversion. */
async function readNames(db: Database, runIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.execute<{ readonly id: string; readonly name: string }>(sql`
    select run.id, plan.plan->'diversion'->>'name' as name from run join plan on plan.id = run.plan_id
    where run.id in (${sql.join(
      runIds.map((id) => sql`${id}`),
      sql`, `,
    )})`);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/**
 * Finds the drift of what each run left. The same objects in the same state are told once; another object, or another
 * state, is another alert of the same incident.
 */
export async function findDriftAlerts(db: Database, now: Date): Promise<readonly Alert[]> {
  const found = Object.entries(await readDrifted(db)).flatMap(([connectionId, objects]) =>
    [...new Set(objects.map(({ runId }) => runId))].map((runId) => ({
      connectionId,
      runId,
      drifted: objects.filter((object) => object.runId === runId),
    })),
  );
  if (found.length === 0) return [];
  const runIds = found.map(({ runId }) => runId);
  const [names, scope] = await Promise.all([readNames(db, runIds), readScopes(db, runIds)]);
  return found.map(({ connectionId, runId, drifted }) => {
    const marks = drifted.map(({ mark }) => mark).toSorted();
    return {
      event: 'drift',
      incident: `drift ${runId}`,
      state: `drift ${createHash('sha256')
        .update(JSON.stringify([connectionId, marks]))
        .digest('hex')
        .slice(0, 32)}`,
      title: alertTitle('drift', names.get(runId) ?? runId),
      text: t('message.drift', { count: drifted.length, run: runId, objects: listNames(drifted) }),
      path: routes.drift(connectionId),
      // A sync finds it at some time after it happened: it is told by every channel that exists then.
      at: now.toISOString(),
      scope: scope(runId),
      leadMinutes: null,
    };
  });
}
