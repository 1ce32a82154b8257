import { domainServing, parseUrl, ruleServing } from '@/lib/estate/match-rule';
import type { Listener } from '@/lib/estate/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { getProbePath } from '@/lib/plan/model/route-probe';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding, Fix, RouteAddition } from '@/lib/preflight/model/model';
import { type Move, movesOf } from '@/lib/preflight/model/moves';
import { routeFieldName } from '@/lib/preflight/model/routes';
import { isLayer7, suggestCertificate } from '@/lib/preflight/model/suggest';
import { certificateFindings } from './certificate';
import { type ListenerRules, rulesOfListeners } from './listener-rules';

const { pass, warn, unknown, outage } = createFindings('still-served', sources.domainRules);

const listenerName = ({ protocol, port }: Listener) => `${protocol}:${port}`;

/** Returns the paths of a name that a listener serves by rules of its own domain: one per prefix of its rules. */
function pathsOn(rules: ListenerRules | undefined, host: string): readonly string[] {
  if (rules === undefined) return [];
  const { domain, isDefault } = domainServing(rules.there, host);
  if (domain === null || isDefault) return [];
  const own = rules.there.filter((rule) => rule.domains.some((each) => each.toLowerCase() === domain));
  return own.filter(({ url }) => !parseUrl(url).form.startsWith('~')).map(({ url }) => getProbePath(url));
}

/**
 * The rules with which a listener serves a name, and those of the same port at the name's destination; undefined = no
 * such listener.
 */
type Comparison = {
  readonly host: string;
  readonly paths: readonly string[];
  readonly target: ListenerRules | undefined;
  /** Returns the patch that adds paths on the listener, or on a new one; null = no fix is possible. */
  readonly add: (paths: readonly string[]) => RouteAddition | null;
  readonly found: Pick<Finding, 'field' | 'objects' | 'values'>;
};

const done = { addListener: 'createListener', addRule: 'createRule', addPaths: 'createPaths' } as const;

/** Returns the fix that adds the missing objects, or the manual step if no fix is possible. */
function addingFix(label: keyof typeof done, values: Fix['values'], patch: RouteAddition | null): Fix {
  return { label: patch === null ? label : done[label], values, patch };
}

/** The maximum number of routes that a fix adds; a person should choose more. */
const addedMax = 5;
/** The listeners that a diversion may create. */
const createdMax = 20;

/**
 * Returns the routes that serve paths of a name at its destination as the old listener does now; null where the plan
 * can't create them. A rule for `/` takes all paths.
 */
function addRoutes(
  { estate, diversion }: CheckInput,
  { route, index, hostName, loadBalancer }: ResolvedRoute,
  old: Listener,
  paths: readonly string[],
): RouteAddition | null {
  const urls = paths.includes('/') ? ['/'] : [...new Set(paths)].toSorted();
  if (route.to !== 'function' || urls.length > addedMax) return null;
  if (old.protocol !== 'HTTP' && old.protocol !== 'HTTPS') return null;
  const { protocol, port } = old;
  const own = estate.listeners.filter(({ loadBalancerId }) => loadBalancerId === loadBalancer.id);
  const there = own.find((each) => each.port === port && each.protocol === protocol);
  if (there !== undefined) return { like: index, listener: { id: there.id }, urls };
  // New objects are created in the diversion's own account, and a port has one listener.
  const isForeign = loadBalancer.connectionId !== undefined;
  if (isForeign || own.some((each) => each.port === port && each.protocol !== 'UDP')) return null;
  if (diversion.creates.listeners.length >= createdMax) return null;
  const certificateId = protocol === 'HTTPS' ? suggestCertificate(estate, hostName) : null;
  if (protocol === 'HTTPS' && certificateId === null) return null;
  return { like: index, listener: { protocol, port, certificateId }, urls };
}

function listLost({ host, paths, target, add, found }: Comparison): readonly Finding[] {
  const lost = { ...found, domain: host, loss: `${found.values.listener} ${found.values.name}` };
  if (target === undefined) {
    const fix = addingFix('addListener', found.values, add(paths));
    return [outage({ ...lost, why: 'noListener', fix })];
  }
  const { domain, isDefault, maybe } = domainServing(target.planned, host);
  if (domain === null || (isDefault && maybe.length === 0)) {
    const fix = addingFix('addRule', found.values, add(paths));
    return [outage({ ...lost, why: 'noRule', fix })];
  }
  // An expression may take it: that can't be determined.
  if (isDefault) return [];
  const unserved = paths.filter((path) => {
    const served = ruleServing(target.planned, domain, path);
    return served.rule === null && served.maybe.length === 0;
  });
  if (unserved.length === 0) return [];
  const text = [...new Set(unserved)].sort().join(', ');
  const values = { ...found.values, paths: text };
  const fix = addingFix('addPaths', values, add(unserved));
  return [outage({ ...lost, why: 'noPath', values, loss: `${lost.loss} ${text}`, fix })];
}

type Tls = Move & {
  readonly listeners: readonly Listener[];
  readonly rules: ReadonlyMap<string, ListenerRules>;
};

/**
 * Returns the certificates that clients of the name will reject at its destination, on HTTPS listeners that serve it
 * now and that no route names. The check `certificate` covers those of the routes.
 */
function lostTls(input: CheckInput, { route, from, listeners, rules }: Tls): readonly Finding[] {
  const { hostName: host, loadBalancer: to } = route;
  const served = new Set(
    listeners
      .filter(({ id, loadBalancerId, protocol }) => {
        const isLeft = from.some((each) => each.id === loadBalancerId);
        return isLeft && protocol === 'HTTPS' && pathsOn(rules.get(id), host).length > 0;
      })
      .map(({ port }) => port),
  );
  const isOfRoute = ({ id }: Listener) =>
    input.routes.some((each) => each.listener.id === id && each.hostName === host);
  return listeners
    .filter((each) => each.loadBalancerId === to.id && each.protocol === 'HTTPS' && served.has(each.port))
    .filter((each) => !isOfRoute(each))
    .flatMap((listener): readonly Finding[] => {
      const there = rules.get(listener.id)?.there ?? [];
      const { domain, isDefault } = domainServing(there, host);
      if (domain === null || isDefault) return [];
      const rule = there.find((each) => each.domains.some((name) => name.toLowerCase() === domain));
      const bad = certificateFindings(input, { ...route, listener, rule }).filter(
        ({ status }) => status === 'block',
      );
      if (bad.length === 0) return [];
      const certificates = [...new Set(bad.flatMap(({ objects }) => objects))].sort().join(', ');
      const values = { domain: host, listener: listenerName(listener), name: to.name, certificates };
      const field = routeFieldName(route, 'listenerId');
      const loss = `${values.listener} ${to.name} ${certificates}`;
      return [outage({ field, objects: [listener.id], why: 'certificate', values, domain: host, loss })];
    });
}

/**
 * Returns the ports that a name leaves behind: listeners that forward without rules (layer 4, QUIC) on its old addresses
 * and have no counterpart with targets at its destination. They know no host, so that any client of the name may use them;
 * the connections of the last 24 h say whether some do.
 */
function lostPorts({ before, estate }: CheckInput, { route, from }: Move): readonly Finding[] {
  const { hostName: host, loadBalancer: to } = route;
  const ports = estate.listeners.filter(
    (each) => !isLayer7(each) && each.stopped !== true && each.targets.length > 0,
  );
  const served = new Set(ports.filter((each) => each.loadBalancerId === to.id).map(listenerName));
  return from.flatMap((balancer) =>
    ports
      .filter((each) => each.loadBalancerId === balancer.id && !served.has(listenerName(each)))
      .map((old): Finding => {
        const values = { domain: host, listener: listenerName(old), from: balancer.name, name: to.name };
        const fix: Fix = { label: 'addListener', values, patch: null };
        const found = { field: routeFieldName(route, 'listenerId'), objects: [old.id], values, fix };
        const connections = before.listenerConnections?.[old.id];
        if (connections === undefined) return unknown({ ...found, why: 'portUnread' });
        if (connections === 0) return warn({ ...found, why: 'portUnused' });
        const loss = `${values.listener} ${to.name}`;
        return outage({ ...found, why: 'port', values: { ...values, connections }, domain: host, loss });
      }),
  );
}

/**
 * Checks that the destination of a name serves all that currently serves it: a listener for each port, layer 4 and QUIC
 * included, a rule of the domain on it, a rule for each path, and a certificate that clients accept. Clients send the same requests after the
 * move.
 */
export const checkStillServed: Check = (input) => {
  const moves = movesOf(input);
  if (moves.length === 0) return [];
  const ids = new Set(
    moves.flatMap(({ route, from }) => [route.loadBalancer.id, ...from.map(({ id }) => id)]),
  );
  const listeners = input.estate.listeners.filter(
    (each) => ids.has(each.loadBalancerId) && isLayer7(each) && each.stopped !== true,
  );
  const rules = rulesOfListeners(input, listeners);
  const at = new Map(
    listeners.map((each) => [`${each.loadBalancerId} ${listenerName(each)}`, rules.get(each.id)]),
  );
  return moves.flatMap(({ route, from }): readonly Finding[] => {
    const { hostName: host, loadBalancer: to } = route;
    const field = routeFieldName(route, 'listenerId');
    const lost = from.flatMap((balancer) =>
      listeners
        .filter(({ loadBalancerId }) => loadBalancerId === balancer.id)
        .flatMap((old): readonly Finding[] => {
          const paths = pathsOn(rules.get(old.id), host);
          if (paths.length === 0) return [];
          const values = { domain: host, listener: listenerName(old), from: balancer.name, name: to.name };
          const target = at.get(`${to.id} ${listenerName(old)}`);
          const found = { field, objects: [old.id], values };
          return listLost({
            host,
            paths,
            target,
            add: (missing) => addRoutes(input, route, old, missing),
            found,
          });
        }),
    );
    const rejected = lostTls(input, { route, from, listeners, rules });
    const all = [...lost, ...rejected, ...lostPorts(input, { route, from })];
    if (all.length > 0) return all;
    return [pass({ field, objects: [to.id], why: 'pass', values: { domain: host, name: to.name } })];
  });
};
