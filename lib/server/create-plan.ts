import 'server-only';
import type { CreatePlanAction } from '@/lib/client/actions';
import { plans } from '@/lib/db/schema';
import { Diversion } from '@/lib/diversion/diversion';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/hash';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { preflight } from '@/lib/preflight/preflight';
import { ok } from '@/lib/result';
import { currentActor } from './actor';
import { serverContext } from './context';
import { latestEstate } from './get-estate';
import { findConnection } from './list-connections';
import { refuse, refuseFields, refuseInput } from './refusal';

/** Plans a diversion over the newest snapshot and stores plan and preflight; a stored plan never changes. */
export const createPlan = async (connectionId: unknown, diversion: unknown): ReturnType<CreatePlanAction> => {
  const parsed = Diversion.safeParse(diversion);
  if (!parsed.success) return refuseInput(parsed.error);
  const connection = await findConnection(String(connectionId));
  if (connection === null) return refuse('connection.gone', { id: String(connectionId) });
  const estate = await latestEstate(connection.id);
  if (estate === null) return refuse('estate.never', { connection: connection.name });

  const { database, settings } = await serverContext();
  const intent = parsed.data;
  const planned = planDiversion({ estate, diversion: intent, keepAliveS: settings.SPILLWAY_KEEP_ALIVE_S });
  if (!planned.ok) {
    return refuseFields(Object.fromEntries(planned.error.map((p) => [p.field, [p.message]])));
  }
  const [row] = await database.db
    .insert(plans)
    .values({
      connectionId: connection.id,
      plan: planned.value,
      findings: preflight({ estate, diversion: intent }),
      hash: await planHash(planned.value),
      createdBy: currentActor(),
    })
    .returning({ id: plans.id });
  invariant(row !== undefined, 'an insert returns its row');
  return ok({ planId: row.id });
};
