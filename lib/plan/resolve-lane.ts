import type { CvmLane, FunctionLane, SplitField } from '@/lib/diversion/split';
import { isUnread } from '@/lib/estate/gaps';
import { findListener, findLoadBalancer, findRule, zoneOf } from '@/lib/estate/look-up';
import type { DnsZone, Estate, Listener, LoadBalancer, Rule } from '@/lib/estate/model';
import type { RuleRef } from '@/lib/estate/object';
import { err, ok, type Result } from '@/lib/result';

type Choice = 'loadBalancerId' | 'listenerId' | 'rule';

/**
 * Why no plan can be made at all: a choice is not in the estate, or the part that should hold it could not be read.
 * Anything short of that is a finding of the preflight, whose check `choices` says this too, with the id.
 */
export type PlanProblem = {
  readonly field: SplitField;
  /** Message key below `plan.problem`; the text takes no values. */
  readonly message: `${Choice}.${'gone' | 'unread'}`;
  readonly choice: Choice;
  readonly why: 'gone' | 'unread';
  /** The cloud id that was looked for. */
  readonly id: string;
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
  const missing = (choice: Choice, id: string, unread: boolean): Result<never, PlanProblem> => {
    const why = unread ? 'unread' : 'gone';
    return err({ field: `${prefix}.${choice}`, message: `${choice}.${why}`, choice, why, id });
  };

  const loadBalancer = findLoadBalancer(estate, lane.loadBalancerId);
  if (loadBalancer === undefined) {
    // An id says nothing about its region: any region that wasn't read may hold it.
    const unread = estate.regions.some((region) => isUnread(estate, `clb/${region}`));
    return missing('loadBalancerId', lane.loadBalancerId, unread);
  }
  const unread = isUnread(estate, `clb/${loadBalancer.region}/${loadBalancer.id}`);
  const listener = findListener(estate, loadBalancer.id, lane.listenerId);
  if (listener === undefined) return missing('listenerId', lane.listenerId, unread);

  const choice = lane.rule;
  const rule =
    choice.kind === 'existing'
      ? estate.rules.find((r) => r.id === choice.ruleId && r.listenerId === listener.id)
      : findRule(estate, listener.id, lane.domain, choice.url);
  if (choice.kind === 'existing' && rule === undefined) return missing('rule', choice.ruleId, unread);

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

/** Both lanes of a diversion looked up, or every choice that could not be found. */
export function resolveLanes(
  estate: Estate,
  diversion: { readonly laneA: CvmLane; readonly laneB: FunctionLane },
): Result<{ readonly a: ResolvedLane; readonly b: ResolvedLane }, readonly PlanProblem[]> {
  const a = resolveLane(estate, diversion.laneA, 'laneA');
  const b = resolveLane(estate, diversion.laneB, 'laneB');
  if (!a.ok || !b.ok) return err([a, b].flatMap((lane) => (lane.ok ? [] : [lane.error])));
  return ok({ a: a.value, b: b.value });
}
