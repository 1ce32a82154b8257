import { readTimeoutDefaultS } from '@/lib/estate/facts/limits';
import { domainServing, parseUrl, ruleServing } from '@/lib/estate/match-rule';
import type { Listener, LoadBalancer, Rule } from '@/lib/estate/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { getProbePath } from '@/lib/plan/model/route-probe';
import { configOfRoute } from '@/lib/preflight/function/route-config';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { movesOf } from '@/lib/preflight/model/moves';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';
import { isLayer7 } from '@/lib/preflight/model/suggest';
import { rulesOfListeners } from './listener-rules';

/** WebSocket through load balancers: enabled by default. Longer idle connections need a longer `proxy_read_timeout`. */
const { pass, warn, outage } = createFindings(
  'websocket',
  'https://www.tencentcloud.com/document/product/214/15186',
);

/**
 * Path segments that only WebSocket uses: its own names, and the default of Socket.IO
 * (https://socket.io/docs/v4/server-options/#path). Words such as `/cable` or `/socket`, which libraries use too, may
 * be products of a shop.
 */
const knownSegments: ReadonlySet<string> = new Set([
  'ws',
  'wss',
  'websocket',
  'websockets',
  'socket.io',
  'sockjs',
]);

/** Returns whether a rule's URL names a path at which WebSocket is usually served. Expressions are not run. */
export function looksLikeWebSocket(url: string): boolean {
  const { form, text } = parseUrl(url);
  if (form.startsWith('~')) return false;
  return text
    .toLowerCase()
    .split('/')
    .some((segment) => knownSegments.has(segment));
}

/** A rule with targets that serves a name now, and whose requests go to a function by the plan. */
type Lost = { readonly loadBalancer: LoadBalancer; readonly listener: Listener; readonly rule: Rule };

/**
 * Returns, by name, the rules whose requests move from servers to a function: in place, or with DNS to another load
 * balancer.
 */
function lostOf(
  input: CheckInput,
): readonly { readonly route: ResolvedRoute; readonly lost: readonly Lost[] }[] {
  const swapped = listFunctionRoutes(input).flatMap((route) => {
    const { loadBalancer, listener, rule } = route;
    return route.route.rule.kind === 'swap' && rule !== undefined
      ? [{ route, lost: [{ loadBalancer, listener, rule }] }]
      : [];
  });
  const functions = listFunctionRoutes(input);
  const moved = movesOf(input).filter(({ route }) => route.route.to === 'function');
  const listeners = input.estate.listeners.filter(isLayer7);
  const rules = rulesOfListeners(input, moved.length === 0 ? [] : listeners);
  const goesToFunction = (old: Listener, { loadBalancer, hostName }: ResolvedRoute, url: string) => {
    const target = listeners.find(
      (each) =>
        each.loadBalancerId === loadBalancer.id && each.port === old.port && each.protocol === old.protocol,
    );
    const planned = target && rules.get(target.id)?.planned;
    if (target === undefined || planned === undefined) return false;
    const { domain } = domainServing(planned, hostName.toLowerCase());
    const taken = domain === null ? null : ruleServing(planned, domain, getProbePath(url)).rule;
    return functions.some(
      ({ listener, ref }) =>
        listener.id === target.id && taken?.url === ref.url && taken.domains.includes(ref.domain),
    );
  };
  const left = moved.map(({ route, from }) => {
    const lost = from.flatMap((loadBalancer) =>
      listeners
        .filter(({ loadBalancerId }) => loadBalancerId === loadBalancer.id)
        .flatMap((listener): readonly Lost[] => {
          const there = rules.get(listener.id)?.there ?? [];
          const { domain, isDefault } = domainServing(there, route.hostName.toLowerCase());
          // Rules of other names that also take this name don't show what its clients use.
          if (isDefault) return [];
          return there
            .filter(({ targets, domains }) => targets.length > 0 && domains.some((each) => each === domain))
            .filter(({ url }) => goesToFunction(listener, route, url))
            .map((rule) => ({ loadBalancer, listener, rule }));
        }),
    );
    return { route, lost };
  });
  return [...swapped, ...left];
}

/** The response timeout of a load balancer, if it was raised. */
function longestWait(input: CheckInput, lost: readonly Lost[], hostName: string) {
  const [longest] = lost
    .map(({ loadBalancer, listener, rule }) => ({
      from: loadBalancer.name,
      seconds: configOfRoute(input.before, { loadBalancer, listener, rule, hostName })?.readTimeoutS ?? 0,
    }))
    .toSorted((a, b) => b.seconds - a.seconds);
  return longest !== undefined && longest.seconds > readTimeoutDefaultS ? longest : null;
}

/**
 * Finds names with WebSocket clients that move to a function. A function gets an upgrade as an ordinary request and
 * answers it once. The cloud reports no number of upgrades, so the check looks for their configuration: a known
 * WebSocket path blocks until it is acknowledged, and a longer response timeout, which idle connections need, is a
 * warning. Otherwise it passes.
 */
export const checkWebSocket: Check = (input) =>
  lostOf(input).flatMap(({ route, lost }): readonly Finding[] => {
    const { hostName: domain, loadBalancer } = route;
    if (lost.length === 0) return [];
    const found = { field: routeFieldName(route, 'domain'), objects: lost.map(({ rule }) => rule.id) };
    const paths = [...new Set(lost.map(({ rule }) => rule.url).filter(looksLikeWebSocket))].sort();
    const wait = longestWait(input, lost, domain);
    if (paths.length === 0 && wait === null) return [pass({ ...found, why: 'pass', values: { domain } })];
    if (paths.length > 0) {
      const values = { domain, paths: paths.join(', '), name: loadBalancer.name };
      const loss = `${values.paths} ${loadBalancer.name}`;
      return [outage({ ...found, why: 'path', values, domain, loss })];
    }
    return [warn({ ...found, why: 'timeout', values: { domain, from: '', seconds: 0, ...wait } })];
  });
