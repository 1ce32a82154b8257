import { plainAddress } from '@/lib/estate/address';
import { listAddresses } from '@/lib/estate/dns-target';
import type { Estate } from '@/lib/estate/model';
import type { HttpProbe } from '@/lib/estate/probe';
import { addressPlaceholder } from '../model/anticipate';
import type { Plan } from '../model/model';
import type { PlanFault } from './plan-faults';

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
export function foreignProbes(
  plan: Pick<Plan, 'diversion' | 'steps' | 'revert'>,
  estate: Place,
): readonly PlanFault[] {
  const allowed = destinations(plan, estate);
  return (['steps', 'revert'] as const).flatMap((list) =>
    plan[list].flatMap((step, index): PlanFault[] => {
      if (step.kind !== 'probe' || step.probe.kind !== 'http') return [];
      const fault = findFault(step.probe, allowed);
      return fault === null ? [] : [{ path: [list, index, 'probe', fault[0]], message: fault[1] }];
    }),
  );
}
