import 'server-only';
import type { CreatePlanAction } from '@/lib/client/actions';
import { Diversion } from '@/lib/diversion/diversion';
import { planHash } from '@/lib/plan/hash';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { ok } from '@/lib/result';
import { serverContext } from './context';
import { latestEstate } from './get-estate';
import { findConnection } from './list-connections';
import { refuse, refuseFields, refuseInput } from './refusal';
import { storePlan } from './store-plan';

/** Plans a diversion over the newest snapshot and stores plan and preflight; a stored plan never changes. */
export const createPlan = async (connectionId: unknown, diversion: unknown): ReturnType<CreatePlanAction> => {
  const parsed = Diversion.safeParse(diversion);
  if (!parsed.success) return refuseInput(parsed.error);
  const connection = await findConnection(String(connectionId));
  if (connection === null) return refuse('connection.gone', { id: String(connectionId) });
  const estate = await latestEstate(connection.id);
  if (estate === null) return refuse('estate.never', { connection: connection.name });

  const { settings } = await serverContext();
  const intent = parsed.data;
  const planned = planDiversion({ estate, diversion: intent, keepAliveS: settings.SPILLWAY_KEEP_ALIVE_S });
  if (!planned.ok) {
    return refuseFields(Object.fromEntries(planned.error.map((p) => [p.field, [p.message]])));
  }
  const hash = await planHash(planned.value);
  return ok({ planId: await storePlan({ plan: planned.value, hash, estate }) });
};
