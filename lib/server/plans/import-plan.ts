import 'server-only';
import type { ActionError } from '@/lib/client/views';
import { foreignProbes } from '@/lib/plan/export/foreign-probes';
import { type PlanFileProblem, readPlanFile } from '@/lib/plan/export/plan-file';
import type { PlanId } from '@/lib/plan/model/model';
import { ok, type Result } from '@/lib/result';
import { findConnection } from '@/lib/server/connections/list-connections';
import { latestEstate } from '@/lib/server/estate/get-estate';
import { refuse, refuseFields } from '@/lib/server/refusal';
import { checkConnections } from './check-connections';
import { storePlan } from './store-plan';

function refuseFile(problem: PlanFileProblem): Result<never, ActionError> {
  switch (problem.kind) {
    case 'tooLong':
    case 'tooDeep':
    case 'tooMany':
    case 'tooWide':
      return refuse(`plan.import.${problem.kind}`, { max: problem.max });
    case 'notJson':
      return refuse('plan.import.notJson', { reason: problem.reason });
    case 'otherFormat':
      return refuse('plan.import.otherFormat', { format: problem.format });
    case 'otherBuild':
      return refuse('plan.import.otherBuild');
    case 'otherHash':
      return refuse('plan.import.otherHash', { stated: problem.stated, found: problem.found });
    case 'shape':
      return refuseFields(problem.fields);
  }
}

/**
 * Imports a plan from the text of an exported file: a new plan, with a preflight on the newest snapshot. It can be
 * applied like a plan that was created here: only if the current snapshot still requires the same steps.
 */
export async function importPlan(text: string): Promise<Result<{ readonly planId: PlanId }, ActionError>> {
  const read = await readPlanFile(text);
  if (!read.ok) return refuseFile(read.error);
  const { plan, hash } = read.value;
  const connection = await findConnection(plan.connectionId);
  if (connection === null) return refuse('plan.import.otherConnection', { id: plan.connectionId });
  const { connections } = plan.diversion;
  const spans = await checkConnections(connection, connections);
  if (!spans.ok) return spans;
  const estate = await latestEstate(connection.id, connections);
  if (estate === null) return refuse('estate.never', { connection: connection.name });
  const foreign = foreignProbes(plan, estate);
  if (foreign.length > 0)
    return refuseFields(
      Object.fromEntries(foreign.map(({ path, message }) => [`plan.${path.join('.')}`, [message]])),
    );
  return ok({ planId: await storePlan({ plan, hash, estate }) });
}
