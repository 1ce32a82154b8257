import { planDiversion } from '@/lib/plan/plan-diversion';
import { findingsOf } from './finding';
import { type CheckedLane, lanesOf } from './lanes';
import type { Check, Finding, PreflightInput } from './model';

const { pass, warn } = findingsOf('reachability', null);

/** The host names that the plan asks by HTTP; lane A is asked only if something of it changes. */
function askedHosts({ estate, diversion }: PreflightInput): ReadonlySet<string> {
  const plan = planDiversion({ estate, diversion, keepAliveS: 0 });
  const steps = plan.ok ? plan.value.steps : [];
  return new Set(steps.flatMap((s) => (s.kind === 'probe' && s.probe.kind === 'http' ? [s.probe.host] : [])));
}

function laneFinding(lane: CheckedLane): Finding {
  const { id, name, network } = lane.loadBalancer;
  const { protocol, port } = lane.listener;
  const values = { name, port, domain: lane.hostName };
  const found = { field: `${lane.prefix}.listenerId`, objects: [id], values } as const;
  const atBalancer = { ...found, field: `${lane.prefix}.loadBalancerId` } as const;
  if (network === 'INTERNAL') return warn({ ...atBalancer, why: 'internal' });
  return protocol === 'HTTPS' ? warn({ ...found, why: 'https' }) : pass({ ...atBalancer, why: 'pass' });
}

/**
 * Whether the run can ask the new route before DNS moves. A route that can't be asked holds the run at its
 * probe.
 */
export const checkReachability: Check = (input) => {
  const asked = askedHosts(input);
  return lanesOf(input)
    .filter(({ prefix, hostName }) => prefix === 'laneB' || asked.has(hostName))
    .map(laneFinding);
};
