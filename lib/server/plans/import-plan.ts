import 'server-only';
import type { ActionError } from '@/lib/contract/answer';
import { plainAddress } from '@/lib/estate/address';
import { listAddresses } from '@/lib/estate/dns-target';
import type { Estate } from '@/lib/estate/model';
import type { HttpProbe } from '@/lib/estate/probe';
import type { PlanFault } from '@/lib/plan/export/plan-faults';
import { type PlanFileProblem, readPlanFile } from '@/lib/plan/export/plan-file';
import { addressPlaceholder } from '@/lib/plan/model/anticipate';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import { ok, type Result } from '@/lib/result';
import { checkPlanAccess } from '@/lib/server/access/check-plan-access';
import { parseFileText } from '@/lib/server/parse-input';
import { verb } from '@/lib/server/verb';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { findConnection } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { checkConnections } from '@/lib/store/plans/check-connections';
import { storePlan } from '@/lib/store/plans/make-plan';
import { refuse, refuseFields } from '@/lib/store/refusal';

type Place = Pick<Estate, 'loadBalancers' | 'listeners'>;

/**
 * Returns everything that a plan may connect to: address and port of each existing listener, and of each that it
 * creates.
 */
function destinations(
  { diversion }: Pick<Plan, 'diversion'>,
  { loadBalancers, listeners }: Place,
): Set<string> {
  const { creates } = diversion;
  const addresses = new Map<string, readonly string[]>([
    ...loadBalancers.map((each) => [each.id, listAddresses(each)] as const),
    ...creates.loadBalancers.map((made) => [made.id, [addressPlaceholder(made)]] as const),
  ]);
  const places = [...listeners, ...creates.listeners].flatMap(({ loadBalancerId, port }) =>
    (addresses.get(loadBalancerId) ?? []).map((address) => `${address} ${port}`),
  );
  return new Set(places);
}

function findFault(
  probe: HttpProbe,
  allowed: ReadonlySet<string>,
): readonly [field: string, message: string] | null {
  // Plans query names at the connection's own resolver; only Switches use others.
  if (probe.resolver !== undefined) return ['resolver', 'plan.probeResolver'];
  const address = plainAddress(probe.address.toLowerCase().replace(/\.$/, ''));
  return allowed.has(`${address} ${probe.port}`) || allowed.has(`${probe.address} ${probe.port}`)
    ? null
    : ['address', 'plan.probeAddress'];
}

/**
 * Returns the probes of a plan that connect to anything but listeners of the estate's load balancers, or of those that
 * the plan creates. The worker refuses any other address, so an imported plan must be rejected before it is stored.
 * @param estate of all accounts that the plan spans
 */
function foreignProbes(
  plan: Pick<Plan, 'diversion' | 'steps' | 'rollback'>,
  estate: Place,
): readonly PlanFault[] {
  const allowed = destinations(plan, estate);
  return (['steps', 'rollback'] as const).flatMap((list) =>
    plan[list].flatMap((step, index): PlanFault[] => {
      if (step.kind !== 'probe' || step.probe.kind !== 'http') return [];
      const fault = findFault(step.probe, allowed);
      return fault === null ? [] : [{ path: [list, index, 'probe', fault[0]], message: fault[1] }];
    }),
  );
}

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
