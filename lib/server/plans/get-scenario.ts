import 'server-only';
import type { AssumedInput, PlanScenarioView } from '@/lib/contract/capacity';
import type { PlanView } from '@/lib/contract/plan';
import type { Database } from '@/lib/db/database';
import type { Cutover } from '@/lib/diversion/cutover';
import { usesFunction } from '@/lib/estate/functions/called-version';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import { findFunction } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { eventScenario } from '@/lib/plan/event-scenario';
import { type Plan, PlanId } from '@/lib/plan/model/model';
import { query } from '@/lib/server/verb';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readPlan } from '@/lib/store/plans/read-plan';
import { readTestInvocations } from '@/lib/store/read-test-invocations';
import { loadRun } from '@/lib/store/runs/load-run';
import { usualCutover } from './usual-cutover';

/**
 * Returns the event of a plan as a scenario of the capacity model: its steps and times, the newest snapshot, and the
 * durations of the newest test invocations. null if the plan does not exist.
 */
export const getPlanScenario = query(
  'plan.getScenario',
  PlanId,
  (planId) => ({ plan: planId }),
  async (planId): Promise<PlanScenarioView | null> => {
    const { db } = (await serverContext()).database;
    const view = await readPlan(db, planId);
    if (view === null) return null;
    const { plan, connection, diversionId } = view;
    const { times, cutover } = await readTimes(db, view);
    const about = { planId, diversionId, name: plan.diversion.name, connectionId: connection.id, times };
    const estate = await newestEstate(db, connection.id, listConnectionIds(plan));
    if (estate === null) return { ...about, takenAt: null, scenario: null, assumed: [] };
    const callMs = findCallMs(plan, estate, await readTestInvocations(db, connection.id));
    const scenario = eventScenario(plan, estate, cutover, { callMs });
    const assumed: readonly AssumedInput[] = [
      ...(plan.diversion.expectedPeakRps === null ? (['peak'] as const) : []),
      ...(callMs === null ? (['duration'] as const) : []),
      ...(scenario !== null && scenario.cvm.servers > 0 ? (['serverRate'] as const) : []),
    ];
    return { ...about, takenAt: estate.takenAt, scenario, assumed: scenario === null ? [] : assumed };
  },
);

/** Reads the times of a plan: those of its run, otherwise those that a schedule would propose. */
async function readTimes(
  db: Database,
  view: PlanView,
): Promise<{ readonly times: PlanScenarioView['times']; readonly cutover: Cutover | null }> {
  const run = view.runId === null ? null : await loadRun(db, view.runId);
  if (run === null) {
    const cutover = usualCutover(view, Date.now());
    return { times: cutover === null ? 'atOnce' : 'proposed', cutover };
  }
  return { times: run.cutover === null ? 'atOnce' : 'run', cutover: run.cutover };
}

/** Returns the longest duration of the newest calls that kept the contract, of each function, in ms; null = there is none. */
function findCallMs(
  { diversion }: Pick<Plan, 'diversion'>,
  estate: Estate,
  testInvocations: readonly TestInvocation[],
): number | null {
  const durations = diversion.routes.flatMap((route) => {
    if (route.to !== 'function') return [];
    const { region, namespace, name, qualifier } = route.function;
    const fn = findFunction(estate, route.function);
    const version = fn === undefined ? null : usesFunction(fn, qualifier);
    const [newest] = testInvocations
      .filter((each) => each.region === region && each.namespace === namespace && each.name === name)
      .filter((each) => each.version === version && each.verdict.kind === 'kept')
      .toSorted((a, b) => b.at.localeCompare(a.at));
    return newest === undefined ? [] : [newest.durationMs];
  });
  return durations.length === 0 ? null : Math.max(1, ...durations);
}
