import { findZone, listListeners, listRules } from '@/lib/estate/look-up';
import { parseUrl } from '@/lib/estate/match-rule';
import type { Estate, Listener } from '@/lib/estate/model';
import { getProbePath } from '@/lib/plan/model/route-probe';
import {
  findSuitableLoadBalancer,
  isLayer7,
  listServing,
  presents,
  suggestCertificate,
} from '@/lib/preflight/model/suggest';
import { anticipatedEstate } from './anticipated-estate';
import { changeRoute } from './change-routes';
import { type Draft, freeKey, type RouteDraft } from './draft';
import type { ListenerDraft } from './edit-creates';
import { freePlaceholder } from './free-placeholder';
import { chooseDomain, chooseListener, chooseLoadBalancer, ruleForPath } from './route-choices';

/** The routes that are proposed for one listener: a person should choose more. Spillway's choice. */
const pathsMax = 5;
/** The routes of a draft, and the listeners that it creates: the limits of its schema. */
const routesMax = 40;
const createdMax = 20;

/** The requests that a name gets on one port. */
type Served = Pick<Listener, 'protocol' | 'port'> & { readonly urls: readonly string[] };

/** Returns the requests that the rules of a name serve now. A rule for `/` takes all paths. */
function listServed(estate: Estate, domain: string): readonly Served[] {
  const ports = new Map<string, Served>();
  for (const { id, protocol, port } of listServing(estate, domain)) {
    const key = `${protocol}:${port}`;
    const own = listRules(estate, id).filter(
      ({ domains, url }) => domains.includes(domain) && !parseUrl(url).form.startsWith('~'),
    );
    const all = [...(ports.get(key)?.urls ?? []), ...own.map(({ url }) => getProbePath(url))];
    ports.set(key, { protocol, port, urls: all.includes('/') ? ['/'] : [...new Set(all)].toSorted() });
  }
  return [...ports.values()].filter(({ urls }) => urls.length > 0 && urls.length <= pathsMax);
}

/** Returns what a name is to serve that nothing serves now: its pages on the ports of its load balancer. */
function listPorts(estate: Estate, loadBalancerId: string, domain: string): readonly Served[] {
  return listListeners(estate, loadBalancerId)
    .filter((each) => isLayer7(each) && each.stopped !== true && presents(estate, each, domain))
    .map(({ protocol, port }) => ({ protocol, port, urls: ['/'] }));
}

/** Returns whether a route holds nothing that a person has to choose again. */
const isPlain = (route: RouteDraft) =>
  (route.rule.kind === 'existing' || (route.rule.kind === 'new' && route.rule.url === '/')) &&
  (route.to === 'cvm' ? route.addTargets.length === 0 : route.provisioned === null);

/** Returns the listener to create for a port; null where the plan can't create it. */
function listenerToCreate(
  estate: Estate,
  { creates }: Draft,
  { loadBalancerId, domain }: RouteDraft,
  { protocol, port }: Served,
): ListenerDraft | null {
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') return null;
  const balancer = estate.loadBalancers.find(({ id }) => id === loadBalancerId);
  const isTaken = listListeners(estate, loadBalancerId).some(
    (each) => each.port === port && each.protocol !== 'UDP',
  );
  // New objects are created in the diversion's own account.
  if (balancer?.connectionId !== undefined || isTaken || creates.listeners.length >= createdMax) return null;
  const certificateId = protocol === 'HTTPS' ? suggestCertificate(estate, domain) : null;
  if (protocol === 'HTTPS' && certificateId === null) return null;
  const id = freePlaceholder(`@lbl/${loadBalancerId.replace(/^@lb\//, '')}:${port}`, creates.listeners);
  return { id, loadBalancerId, protocol, port, certificateId, name: `${protocol.toLowerCase()}-${port}` };
}

/** Proposes the routes of a name on one side, like the given one, in its place and after it. */
function proposeSide(estate: Estate, draft: Draft, index: number): Draft {
  const given = draft.routes[index];
  if (given === undefined) return draft;
  const { domain, to } = given;
  const own = draft.routes.filter((route) => route.to === to && route.domain === domain);
  if (!own.every(isPlain)) return draft;
  const taken = draft.routes.flatMap((route) => (route.to === 'cvm' ? route.loadBalancerId : []));
  const serving = listServing(estate, domain);
  const proposed = () => {
    if (given.to === 'cvm') return '';
    const { region } = given.function;
    return findSuitableLoadBalancer(estate, { hostName: domain, region, taken, serving })?.id ?? '';
  };
  const loadBalancerId = given.loadBalancerId === '' ? proposed() : given.loadBalancerId;
  if (loadBalancerId === '') return draft;
  const model = chooseLoadBalancer(anticipatedEstate(estate, draft), given, loadBalancerId);
  const served =
    to === 'cvm'
      ? listServed(estate, domain).filter((each) =>
          serving.some((from) => from.loadBalancerId === loadBalancerId && from.port === each.port),
        )
      : listServed(estate, domain);
  const wanted =
    served.length > 0 || to === 'cvm'
      ? served
      : listPorts(anticipatedEstate(estate, draft), loadBalancerId, domain);
  const others = draft.routes.filter((route) => !own.includes(route));
  const firstKey = (own[0] ?? given).key;
  let next: Draft = draft;
  const routes: RouteDraft[] = [];
  for (const port of wanted.toSorted((a, b) => a.port - b.port)) {
    const there = listListeners(anticipatedEstate(estate, next), loadBalancerId).find(
      (each) => each.port === port.port && each.protocol === port.protocol,
    );
    const made =
      there === undefined ? listenerToCreate(anticipatedEstate(estate, next), next, model, port) : null;
    const listenerId = there?.id ?? made?.id;
    if (listenerId === undefined) continue;
    if (made !== null)
      next = { ...next, creates: { ...next.creates, listeners: [...next.creates.listeners, made] } };
    const whole = anticipatedEstate(estate, next);
    for (const url of to === 'cvm' ? [null] : port.urls) {
      const key = routes.length === 0 ? firstKey : freeKey({ routes: [...draft.routes, ...routes] });
      routes.push(
        url === null
          ? { ...chooseListener(whole, model, listenerId), key }
          : { ...model, key, listenerId, rule: ruleForPath(whole, listenerId, domain, url) },
      );
    }
  }
  if (routes.length === 0) routes.push({ ...model, key: firstKey });
  if (others.length + routes.length > routesMax) return draft;
  const at = draft.routes.indexOf(own[0] ?? given);
  return { ...next, routes: [...others.slice(0, at), ...routes, ...others.slice(at)] };
}

/**
 * Proposes all that follows from the name of a route: for a function the load balancer that suits it best, and a route
 * for each port and path on which the name is served now; for servers the listeners that serve it. What a person has
 * chosen stays: a load balancer, and the routes of a name of which one has a path, targets or instances of its own.
 */
export function proposeRoutes(estate: Estate, draft: Draft, index: number): Draft {
  const { kind, routes } = draft;
  const domain = routes[index]?.domain ?? '';
  if (findZone(estate, domain) === undefined) return draft;
  if (kind !== 'switch') return proposeSide(estate, draft, index);
  return (['cvm', 'function'] as const).reduce(
    (now, side) =>
      proposeSide(
        estate,
        now,
        now.routes.findIndex(({ to }) => to === side),
      ),
    draft,
  );
}

/** Returns the draft after the name of a route was chosen, with all that Spillway proposes for it. */
export function chooseName(estate: Estate, draft: Draft, index: number, domain: string): Draft {
  const renamed = changeRoute(estate, draft, index, (route) =>
    chooseDomain(anticipatedEstate(estate, draft), route, domain),
  );
  return proposeRoutes(estate, renamed, index);
}
