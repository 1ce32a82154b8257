import 'server-only';
import type { ActionError } from '@/lib/client/views';
import { Diversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import { planHash } from '@/lib/plan/hash';
import type { Plan } from '@/lib/plan/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { ok, type Result } from '@/lib/result';
import { serverContext } from './context';
import { latestEstate } from './get-estate';
import { findConnection } from './list-connections';
import { readDurations } from './read-durations';
import { refuse, refuseFields, refuseInput } from './refusal';

/** Plans a diversion over the newest snapshot; nothing is stored. */
export async function makePlan(
  connectionId: string,
  diversion: unknown,
): Promise<Result<{ readonly plan: Plan; readonly hash: string; readonly estate: Estate }, ActionError>> {
  const parsed = Diversion.safeParse(diversion);
  if (!parsed.success) return refuseInput(parsed.error);
  const connection = await findConnection(connectionId);
  if (connection === null) return refuse('connection.gone', { id: connectionId });
  const estate = await latestEstate(connection.id);
  if (estate === null) return refuse('estate.never', { connection: connection.name });

  const { settings, database } = await serverContext();
  const keepAliveS = settings.SPILLWAY_KEEP_ALIVE_S;
  const durations = await readDurations(database.db, connection.id);
  const planned = planDiversion({ estate, diversion: parsed.data, keepAliveS, durations });
  if (!planned.ok) {
    return refuseFields(Object.fromEntries(planned.error.map((p) => [p.field, [p.message]])));
  }
  return ok({ plan: planned.value, hash: await planHash(planned.value), estate });
}
