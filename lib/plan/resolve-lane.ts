import type { CvmLane, FunctionLane, SplitField } from '@/lib/diversion/split';
import { findListener, findLoadBalancer, findRule, zoneOf } from '@/lib/estate/look-up';
import type { DnsZone, Estate, Listener, LoadBalancer, Rule } from '@/lib/estate/model';
import type { RuleRef } from '@/lib/estate/object';
import { err, ok, type Result } from '@/lib/result';

/** Why no plan can be made at all; anything short of that is a finding of the preflight. */
export type PlanProblem = {
  readonly field: SplitField;
  /** Message key below `plan.problem`. */
  readonly message: string;
  readonly values: Readonly<Record<string, string | number>>;
};

/** A lane with its choices looked up in the estate. */
export type ResolvedLane = {
  readonly hostName: string;
  readonly loadBalancer: LoadBalancer;
  readonly listener: Listener;
  readonly ref: RuleRef;
  /** undefined = the plan creates it. */
  readonly rule: Rule | undefined;
  /** undefined = the name's zone isn't in this account; the preflight says so. */
  readonly zone: DnsZone | undefined;
};

/** Looks up what a lane names. A "new" rule that exists already is taken as it stands. */
export function resolveLane(
  estate: Estate,
  lane: CvmLane | FunctionLane,
  prefix: 'laneA' | 'laneB',
): Result<ResolvedLane, PlanProblem> {
  const missing = (field: 'loadBalancerId' | 'listenerId' | 'rule', id: string): Result<never, PlanProblem> =>
    err({ field: `${prefix}.${field}`, message: `${field}.gone`, values: { id } });

  const loadBalancer = findLoadBalancer(estate, lane.loadBalancerId);
  if (loadBalancer === undefined) return missing('loadBalancerId', lane.loadBalancerId);
  const listener = findListener(estate, loadBalancer.id, lane.listenerId);
  if (listener === undefined) return missing('listenerId', lane.listenerId);

  const choice = lane.rule;
  const rule =
    choice.kind === 'existing'
      ? estate.rules.find((r) => r.id === choice.ruleId && r.listenerId === listener.id)
      : findRule(estate, listener.id, lane.domain, choice.url);
  if (choice.kind === 'existing' && rule === undefined) return missing('rule', choice.ruleId);

  const ref: RuleRef = {
    kind: 'rule',
    region: loadBalancer.region,
    loadBalancerId: loadBalancer.id,
    listenerId: listener.id,
    domain: rule?.domain ?? lane.domain,
    url: rule?.url ?? (choice.kind === 'new' ? choice.url : '/'),
  };
  return ok({ hostName: lane.domain, loadBalancer, listener, ref, rule, zone: zoneOf(estate, lane.domain) });
}
