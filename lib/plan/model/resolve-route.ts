import type { Diversion } from '@/lib/diversion/diversion';
import type { Route, RouteField } from '@/lib/diversion/route';
import { isPartlyUnread, isUnread } from '@/lib/estate/gaps';
import { findListener, findLoadBalancer, findRule, findZone } from '@/lib/estate/look-up';
import type { DnsZone, Estate, Listener, LoadBalancer, Rule } from '@/lib/estate/model';
import type { RuleRef } from '@/lib/estate/object';
import { getOwner } from '@/lib/estate/owner';
import { err, ok, type Result } from '@/lib/result';
import { type Anticipated, anticipate } from './anticipate';

type Choice = 'loadBalancerId' | 'listenerId' | 'rule';

/**
 * The reason why no plan can be created at all: a choice is not in the estate, or the part that should contain it could
 * not be read. Lesser problems are findings of the preflight, whose check `choices` also reports this, with the id.
 */
export type PlanProblem = {
  readonly field: RouteField;
  /** Message key below `diversion.problem`; the text takes no values. */
  readonly message: `${Choice}.${'gone' | 'unread'}`;
  readonly choice: Choice;
  readonly why: 'gone' | 'unread';
  /** The missing cloud id. */
  readonly id: string;
};

/** A route with its choices resolved in the estate. */
export type ResolvedRoute<R extends Route = Route> = {
  /** Its index in the diversion, for field paths. */
  readonly index: number;
  readonly route: R;
  readonly hostName: string;
  readonly loadBalancer: LoadBalancer;
  readonly listener: Listener;
  readonly ref: RuleRef;
  /** undefined = the plan creates it. */
  readonly rule: Rule | undefined;
  /** undefined = the name's zone is not in this account; the preflight reports it. */
  readonly zone: DnsZone | undefined;
};

/** Resolves the objects that a route names. A "new" rule that already exists is used as it is. */
export function resolveRoute<R extends Route>(
  estate: Estate,
  route: R,
  index: number,
): Result<ResolvedRoute<R>, PlanProblem> {
  const missing = (choice: Choice, id: string, unread: boolean): Result<never, PlanProblem> => {
    const why = unread ? 'unread' : 'gone';
    return err({ field: `routes.${index}.${choice}`, message: `${choice}.${why}`, choice, why, id });
  };

  const loadBalancer = findLoadBalancer(estate, route.loadBalancerId);
  if (loadBalancer === undefined) {
    // An id doesn't contain its region: any region that was not read may have it.
    const unread = estate.regions.some((region) => isUnread(estate, `clb/${region}/${route.loadBalancerId}`));
    return missing('loadBalancerId', route.loadBalancerId, unread);
  }
  const unread = isPartlyUnread(estate, `clb/${loadBalancer.region}/${loadBalancer.id}`);
  const listener = findListener(estate, loadBalancer.id, route.listenerId);
  if (listener === undefined) return missing('listenerId', route.listenerId, unread);

  const choice = route.rule;
  const rule =
    choice.kind === 'new'
      ? findRule(estate, listener.id, route.domain, choice.url)
      : estate.rules.find((r) => r.id === choice.ruleId && r.listenerId === listener.id);
  if (choice.kind !== 'new' && rule === undefined) return missing('rule', choice.ruleId, unread);

  const ref: RuleRef = {
    kind: 'rule',
    ...getOwner(loadBalancer),
    region: loadBalancer.region,
    loadBalancerId: loadBalancer.id,
    listenerId: listener.id,
    domain: rule?.domain ?? route.domain,
    url: rule?.url ?? (choice.kind === 'new' ? choice.url : '/'),
  };
  const hostName = route.domain;
  return ok({ index, route, hostName, loadBalancer, listener, ref, rule, zone: findZone(estate, hostName) });
}

/** Returns a diversion's routes resolved over the estate as it will be, or every choice that could not be found. */
export function resolveDiversion(
  estate: Estate,
  diversion: Pick<Diversion, 'creates' | 'routes'>,
): Result<Anticipated & { readonly resolved: readonly ResolvedRoute[] }, readonly PlanProblem[]> {
  const anticipated = anticipate(estate, diversion);
  const results = anticipated.routes.map((route, index) => resolveRoute(anticipated.estate, route, index));
  const problems = results.flatMap((result) => (result.ok ? [] : [result.error]));
  if (problems.length > 0) return err(problems);
  const resolved = results.flatMap((result) => (result.ok ? [result.value] : []));
  return ok({ ...anticipated, resolved });
}
