import { domainServing, parseUrl, ruleServing } from '@/lib/estate/match-rule';
import type { Listener } from '@/lib/estate/model';
import { getProbePath } from '@/lib/plan/model/route-probe';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding, Fix } from '@/lib/preflight/model/model';
import { movesOf } from '@/lib/preflight/model/moves';
import { routeFieldName } from '@/lib/preflight/model/routes';
import { isLayer7 } from '@/lib/preflight/model/suggest';
import { type ListenerRules, rulesOfListeners } from './listener-rules';

const { pass, warn } = createFindings('still-served', sources.domainRules);

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
  readonly found: Pick<Finding, 'field' | 'objects' | 'values'>;
};

function listLost({ host, paths, target, found }: Comparison): readonly Finding[] {
  if (target === undefined) {
    const fix: Fix = { label: 'addListener', values: found.values, patch: null };
    return [warn({ ...found, why: 'noListener', fix })];
  }
  const { domain, isDefault, maybe } = domainServing(target.planned, host);
  if (domain === null || (isDefault && maybe.length === 0)) {
    const fix: Fix = { label: 'addRule', values: found.values, patch: null };
    return [warn({ ...found, why: 'noRule', fix })];
  }
  // An expression may take it: that can't be determined.
  if (isDefault) return [];
  const lost = paths.filter((path) => {
    const served = ruleServing(target.planned, domain, path);
    return served.rule === null && served.maybe.length === 0;
  });
  if (lost.length === 0) return [];
  const values = { ...found.values, paths: [...new Set(lost)].sort().join(', ') };
  return [warn({ ...found, why: 'noPath', values, fix: { label: 'addPaths', values, patch: null } })];
}

/**
 * Checks that whatever currently serves a name also exists at its destination: a listener for each port, a rule of the
 * domain on it, something for each path. Clients don't know that the name has moved, and send the same requests.
 */
export const checkStillServed: Check = (input) => {
  const moves = movesOf(input);
  if (moves.length === 0) return [];
  const ids = new Set(
    moves.flatMap(({ route, from }) => [route.loadBalancer.id, ...from.map(({ id }) => id)]),
  );
  const listeners = input.estate.listeners.filter((each) => ids.has(each.loadBalancerId) && isLayer7(each));
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
          return listLost({ host, paths, target, found: { field, objects: [old.id], values } });
        }),
    );
    if (lost.length > 0) return lost;
    return [pass({ field, objects: [to.id], why: 'pass', values: { domain: host, name: to.name } })];
  });
};
