import 'server-only';
import type { ActionError } from '@/lib/client/views';
import { foreignProbes } from '@/lib/plan/export/foreign-probes';
import { type PlanFileProblem, readPlanFile } from '@/lib/plan/export/plan-file';
import type { PlanId } from '@/lib/plan/model/model';
import { ok, type Result } from '@/lib/result';
import { checkPlanAccess } from '@/lib/server/access/check-plan-access';
import { listConnectionIds } from '@/lib/server/connections/list-connection-ids';
import { findConnection } from '@/lib/server/connections/list-connections';
import { serverContext } from '@/lib/server/context';
import { newestEstate } from '@/lib/server/estate/newest-estate';
import { parseFileText } from '@/lib/server/parse-input';
import { refuse, refuseFields } from '@/lib/server/refusal';
import { verb } from '@/lib/server/verb';
import { checkConnections } from './check-connections';
import { storePlan } from './make-plan';

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

/** Parses the text of a plan file, which has its own limits. */
async function parsePlanFile(input: unknown) {
  const text = parseFileText(input);
  if (!text.ok) return text;
  const read = await readPlanFile(text.value);
  return read.ok ? read : refuseFile(read.error);
}

/**
 * Imports a plan from the text of an exported file: a new plan, with a preflight on the newest snapshot. It can be
 * applied like a plan created here: only if the current snapshot still requires the same steps.
 */
export const importPlan = verb(
  'plan.import',
  parsePlanFile,
  ({ plan }) => ({ connections: listConnectionIds(plan) }),
  async ({ plan, hash }, actor): Promise<Result<{ readonly planId: PlanId }, ActionError>> => {
    const connection = await findConnection(plan.connectionId);
    if (connection === null) return refuse('plan.import.otherConnection', { id: plan.connectionId });
    const { connections } = plan.diversion;
    const spans = await checkConnections(connection, connections);
    if (!spans.ok) return spans;
    const { database } = await serverContext();
    const estate = await newestEstate(database.db, connection.id, connections);
    if (estate === null) return refuse('estate.never', { connection: connection.name });
    const foreign = foreignProbes(plan, estate);
    if (foreign.length > 0)
      return refuseFields(
        Object.fromEntries(foreign.map(({ path, message }) => [`plan.${path.join('.')}`, [message]])),
      );
    const permitted = await checkPlanAccess(actor, 'plan.import', plan);
    if (!permitted.ok) return permitted;
    return ok({ planId: await storePlan({ plan, hash, estate }, actor) });
  },
);
