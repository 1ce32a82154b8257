import { readTimeoutDefaultS } from '@/lib/estate/facts/limits';
import { parseUrl } from '@/lib/estate/match-rule';
import { configOfRoute } from '@/lib/preflight/function/route-config';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { routeFieldName } from '@/lib/preflight/model/routes';
import { type MovedRule, movedRulesByName } from './moved-rules';

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

/** The response timeout of a load balancer, if it was raised. */
function longestWait(input: CheckInput, lost: readonly MovedRule[], hostName: string) {
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
  movedRulesByName(input).flatMap(({ route, rules: lost }): readonly Finding[] => {
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
