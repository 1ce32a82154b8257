import type { FunctionRoute } from '@/lib/diversion/route';
import { domainServing, ruleServing } from '@/lib/estate/match-rule';
import type { Listener, LoadBalancer, Rule } from '@/lib/estate/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { getProbePath } from '@/lib/plan/model/route-probe';
import { rulesOfListeners } from '@/lib/preflight/load-balancer/listener-rules';
import type { CheckInput } from '@/lib/preflight/model/model';
import { movesOf } from '@/lib/preflight/model/moves';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';
import { isLayer7 } from '@/lib/preflight/model/suggest';

/** A rule with targets that serves a name now, and whose requests go to a function by the plan. */
export type MovedRule = {
  readonly loadBalancer: LoadBalancer;
  readonly listener: Listener;
  readonly rule: Rule;
  /** The route that gets its requests. */
  readonly to: ResolvedRoute<FunctionRoute>;
};

/** A rule of a name whose requests move. */
export type MovedFrom = MovedRule & { readonly domain: string };

/** Returns the rules whose requests move from servers to a function, with the name of each. */
export function listMovedRules(input: CheckInput): readonly MovedFrom[] {
  return movedRulesByName(input).flatMap(({ route, rules }) =>
    rules.map((rule) => ({ ...rule, domain: route.hostName })),
  );
}

/** Returns the fields of a finding on some of them: the place in the diversion, the rules, and the list of names. */
export function describeMoved(moved: readonly MovedFrom[]) {
  const [first] = moved;
  const names = [...new Set(moved.map(({ domain }) => domain))].sort();
  return {
    field: first === undefined ? null : routeFieldName(first.to, 'domain'),
    objects: [...new Set(moved.map(({ rule }) => rule.id))],
    values: { names: names.join(', '), count: names.length },
  };
}

/** A route of each name that gets a function, with the rules whose requests it and the name's other routes get. */
export type RulesOfName = { readonly route: ResolvedRoute; readonly rules: readonly MovedRule[] };

/** Of the inputs of a preflight that still runs: each of its checks asks for them. */
const known = new WeakMap<CheckInput, readonly RulesOfName[]>();

/**
 * Returns, by name, the rules whose requests move from servers to a function: in place, or with DNS to another load
 * balancer.
 */
export function movedRulesByName(input: CheckInput): readonly RulesOfName[] {
  const found = known.get(input) ?? findMovedRules(input);
  known.set(input, found);
  return found;
}

function findMovedRules(input: CheckInput): readonly RulesOfName[] {
  const functions = listFunctionRoutes(input);
  const swapped = functions.flatMap((route): RulesOfName[] => {
    const { loadBalancer, listener, rule } = route;
    return route.route.rule.kind === 'swap' && rule !== undefined
      ? [{ route, rules: [{ loadBalancer, listener, rule, to: route }] }]
      : [];
  });
  const moved = movesOf(input).filter(({ route }) => route.route.to === 'function');
  const listeners = input.estate.listeners.filter(isLayer7);
  const rules = rulesOfListeners(input, moved.length === 0 ? [] : listeners);
  const findRoute = (old: Listener, { loadBalancer, hostName }: ResolvedRoute, url: string) => {
    const target = listeners.find(
      (each) =>
        each.loadBalancerId === loadBalancer.id && each.port === old.port && each.protocol === old.protocol,
    );
    const planned = target && rules.get(target.id)?.planned;
    if (target === undefined || planned === undefined) return undefined;
    const { domain } = domainServing(planned, hostName.toLowerCase());
    const taken = domain === null ? null : ruleServing(planned, domain, getProbePath(url)).rule;
    return functions.find(
      ({ listener, ref }) =>
        listener.id === target.id && taken?.url === ref.url && taken.domains.includes(ref.domain),
    );
  };
  const left = moved.map(({ route, from }): RulesOfName => {
    const found = from.flatMap((loadBalancer) =>
      listeners
        .filter(({ loadBalancerId }) => loadBalancerId === loadBalancer.id)
        .flatMap((listener): readonly MovedRule[] => {
          const there = rules.get(listener.id)?.there ?? [];
          const { domain, isDefault } = domainServing(there, route.hostName.toLowerCase());
          // Rules of other names that also take this name don't show what its clients use.
          if (isDefault) return [];
          return there
            .filter(({ targets, domains }) => targets.length > 0 && domains.some((each) => each === domain))
            .flatMap((rule) => {
              const to = findRoute(listener, route, rule.url);
              return to === undefined ? [] : [{ loadBalancer, listener, rule, to }];
            });
        }),
    );
    return { route, rules: found };
  });
  return [...swapped, ...left];
}
