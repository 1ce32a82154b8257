import type { PlanView } from '@/lib/contract/plan';
import { usesFunction } from '@/lib/estate/functions/called-version';
import { findFunction } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { prewarmLeadS } from '@/lib/plan/default-cutover';
import { eventParts } from '@/lib/plan/event-parts';
import { measuredRoutes } from '@/lib/plan/model/measured-routes';
import type { Plan } from '@/lib/plan/model/model';
import { forecastSeconds } from '@/lib/plan/model/timeline';
import type { CalledFunction } from './cost-form';
import { CostForm } from './cost-form';

type CostPanelProps = { readonly view: PlanView; readonly estate: Estate };

/** The time that clients keep connections if the plan waits for none, in seconds: the default of the setting. */
const keepAliveDefaultS = 75;

function keepAliveOf({ rollback }: Plan): number {
  const drain = rollback.find((step) => step.kind === 'drain');
  return drain?.kind === 'drain' ? drain.keepAliveS : keepAliveDefaultS;
}

/** Returns the functions that a plan calls, each with the version that its alias names now. */
function calledFunctions(plan: Plan, estate: Estate): readonly CalledFunction[] {
  return measuredRoutes(plan).flatMap(({ connectionId, region, functions }) =>
    functions.map(({ namespace, name, qualifier }) => {
      const key = { ...(connectionId === undefined ? {} : { connectionId }), region, namespace, name };
      const fn = findFunction(estate, key);
      return { connectionId, region, namespace, name, version: (fn && usesFunction(fn, qualifier)) ?? null };
    }),
  );
}

/**
 * The maximum cost of a plan's event at list prices, for its duration and load, and the costs that the sum does not
 * include.
 */
export function CostPanel({ view, estate }: CostPanelProps) {
  const { plan, policy, connection } = view;
  return (
    <CostForm
      connectionId={connection.id}
      parts={eventParts(plan, estate)}
      called={calledFunctions(plan, estate)}
      prewarmS={prewarmLeadS(plan, policy)}
      averageRps={plan.diversion.expectedPeakRps}
      drainS={Math.ceil(forecastSeconds(plan.rollback, ['rollback', 'drain']) / 1000)}
      keepAliveS={keepAliveOf(plan)}
    />
  );
}
