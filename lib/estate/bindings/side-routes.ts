import { leadsTo } from '@/lib/estate/dns-target';
import { domainServing, parseUrl, ruleServing, rulesForHost } from '@/lib/estate/match-rule';
import type { MeasuredRoute } from '@/lib/estate/measure';
import type { Listener, LoadBalancer, Rule } from '@/lib/estate/model';
import type { RuleRef } from '@/lib/estate/object';
import { getOwner } from '@/lib/estate/owner';

type SidedRule = Pick<
  Rule,
  | 'id'
  | 'loadBalancerId'
  | 'listenerId'
  | 'domain'
  | 'domains'
  | 'url'
  | 'isDefault'
  | 'createdAt'
  | 'functions'
> & { readonly targets: readonly unknown[] };

/** The part of an estate that sides are found in. */
export type SidedEstate = {
  readonly loadBalancers: readonly Pick<
    LoadBalancer,
    'connectionId' | 'id' | 'region' | 'vips' | 'ipv6' | 'domain'
  >[];
  readonly listeners: readonly Pick<Listener, 'id' | 'loadBalancerId' | 'port'>[];
  readonly rules: readonly SidedRule[];
};

/** The two sides of diverted names: rules whose targets answer, and rules whose function does. */
export type SideRoutes = Readonly<Record<'cvm' | 'function', readonly MeasuredRoute[]>>;

/**
 * Returns the rules that serve some names by kind of backend, independently of DNS, because clients cache old answers.
 * Default domains of other names are excluded, and so are rules that redirect or have no backend. Pure.
 */
export function listSideRoutes(estate: SidedEstate, names: readonly string[]): SideRoutes {
  const found = new Map<string, SidedRule>();
  for (const rules of groupRules(estate).values())
    for (const name of names)
      if (!domainServing(rules, name.toLowerCase()).isDefault)
        for (const rule of rulesForHost(rules, name)) found.set(rule.id, rule);
  return sortSides(estate, [...found.values()]);
}

/** Returns the rules by listener. */
function groupRules({ rules }: Pick<SidedEstate, 'rules'>): ReadonlyMap<string, readonly SidedRule[]> {
  const byListener = new Map<string, SidedRule[]>();
  for (const rule of rules) {
    const own = byListener.get(rule.listenerId) ?? [];
    byListener.set(rule.listenerId, own);
    own.push(rule);
  }
  return byListener;
}

/** Sorts rules by the kind of their backend. */
function sortSides({ loadBalancers }: SidedEstate, rules: readonly SidedRule[]): SideRoutes {
  const balancers = new Map(loadBalancers.map((balancer) => [String(balancer.id), balancer]));
  const toRoute = ({ loadBalancerId, listenerId, domain, url, functions }: SidedRule): MeasuredRoute[] => {
    const balancer = balancers.get(loadBalancerId);
    if (balancer === undefined) return [];
    const place = { ...getOwner(balancer), region: balancer.region, loadBalancerId, listenerId };
    return [{ ...place, domain, url, functions }];
  };
  return {
    cvm: rules
      .filter(({ targets, functions }) => targets.length > 0 && functions.length === 0)
      .flatMap(toRoute),
    function: rules.filter(({ functions }) => functions.length > 0).flatMap(toRoute),
  };
}

/**
 * Returns whether the rates of both sides are those of the load balancers that DNS leads to, for each name: if one has
 * rules with both kinds of backend, or lacks paths that another one has, some requests are missing on a side or are
 * counted on the other. A rule for `/` takes all paths. Pure.
 */
export function areSidesWhole(estate: SidedEstate, names: readonly string[]): boolean {
  return names.every((name) => {
    const sides = listSideRoutes(estate, [name]);
    const listIds = (routes: readonly MeasuredRoute[]) =>
      new Set(routes.map(({ loadBalancerId }) => loadBalancerId));
    const [cvm, fn] = [listIds(sides.cvm), listIds(sides.function)];
    if ([...cvm].some((id) => fn.has(id))) return false;
    const paths = [...cvm, ...fn].map((id) =>
      [...sides.cvm, ...sides.function].flatMap(({ loadBalancerId, url }) =>
        loadBalancerId === id ? [url] : [],
      ),
    );
    const takesAll = (urls: readonly string[]) =>
      urls.some((url) => {
        const { form, text } = parseUrl(url);
        return (form === '' || form === '^~') && text === '/';
      });
    const sets = new Set(paths.map((urls) => [...new Set(urls)].toSorted().join(' ')));
    return paths.every(takesAll) || sets.size <= 1;
  });
}

/** The requests that an Access or a Split moves: those of its routes to functions. */
export type MovedRequests = {
  /** The rules of these routes. */
  readonly rules: readonly Pick<RuleRef, 'listenerId' | 'domain' | 'url'>[];
  /** The records of their names before the move, as far as the move changes them. */
  readonly before: readonly { readonly name: string; readonly type: string; readonly value: string }[];
};

/** A kind of requests to a name that all rules treat alike, with the expressions that its path matches. */
type RequestKind = { readonly path: string; readonly matched: readonly string[] };

type NamingListener = Pick<Listener, 'loadBalancerId' | 'port'> & { readonly rules: readonly SidedRule[] };

/** Requests of a kind either all move, or all stay. `both`: some may move, and others may stay. */
type Move = 'moves' | 'stays' | 'both';

/** With more expressions for one name, there are too many combinations of those that a path may match. */
const expressionsMax = 4;

/**
 * Returns the rules that take the requests that an Access or a Split moves, and no others: those of its routes, and on
 * other load balancers those that took them before. null if some rule takes requests that move and others, if an expression
 * decides, if a record led to anything but such rules, or if a rule of a route is not in the estate. Requests to ports that
 * the load balancers of the routes serve by other rules do not move. Pure.
 */
export function listMovedRoutes(estate: SidedEstate, { rules, before }: MovedRequests): SideRoutes | null {
  const isOwn = ({ listenerId, domain, url }: SidedRule) =>
    rules.some(
      (own) =>
        own.listenerId === listenerId && own.domain.toLowerCase() === domain.toLowerCase() && own.url === url,
    );
  const own = estate.rules.filter(isOwn);
  const names = new Set(own.map(({ domain }) => domain.toLowerCase()));
  if (own.length === 0 || own.length < rules.length) return null;
  if ([...names].some((name) => name.includes('*') || name.startsWith('~'))) return null;
  const byListener = groupRules(estate);
  const moves = new Map<SidedRule, Set<Move>>();
  for (const name of names) {
    const naming = estate.listeners.flatMap(({ id, loadBalancerId, port }): readonly NamingListener[] => {
      const all = byListener.get(id) ?? [];
      const isNamed = all.length > 0 && !domainServing(all, name).isDefault;
      return isNamed ? [{ loadBalancerId, port, rules: all }] : [];
    });
    const requests = listRequestKinds(naming.flatMap((listener) => rulesForHost(listener.rules, name)));
    if (requests === null) return null;
    const ownBalancers = new Set(
      own.flatMap(({ domain, loadBalancerId }) => (domain.toLowerCase() === name ? [loadBalancerId] : [])),
    );
    for (const request of requests) {
      const taken = naming.map((listener) => ({
        ...listener,
        by: listTakers(listener.rules, name, request),
      }));
      const there = taken
        .filter(({ loadBalancerId }) => ownBalancers.has(loadBalancerId))
        .map(({ port, by }) => ({ port, by: by.filter((rule) => isOwn(rule) || hasBackend(rule)) }))
        .filter(({ by }) => by.length > 0);
      const ownPorts = new Set(naming.filter((each) => each.rules.some(isOwn)).map(({ port }) => port));
      const usual = judgeMove(
        there.flatMap(({ port, by }) => (ownPorts.has(port) ? by : [])),
        isOwn,
      );
      for (const { port, by } of taken) {
        const here = there.flatMap((each) => (each.port === port ? each.by : []));
        const move = here.length === 0 ? usual : judgeMove(here, isOwn);
        for (const rule of by) if (hasBackend(rule)) note(moves, rule, move);
      }
    }
  }
  for (const [rule, all] of moves)
    if (rule.domains.some((domain) => !names.has(domain.toLowerCase()))) all.add('stays');
  if ([...moves.values()].some((all) => all.has('both') || all.size > 1)) return null;
  const moved = [...moves].flatMap(([rule, all]) => (all.has('moves') ? [rule] : []));
  const isCovered = before
    .filter(({ name }) => names.has(name.toLowerCase()))
    .every(({ name, ...record }) => {
      const from = estate.loadBalancers.find((balancer) => leadsTo(record, balancer));
      return moved.some(
        ({ loadBalancerId, domains }) =>
          loadBalancerId === from?.id &&
          domains.some((domain) => domain.toLowerCase() === name.toLowerCase()),
      );
    });
  return isCovered ? sortSides(estate, moved) : null;
}

const hasBackend = ({ targets, functions }: SidedRule) => targets.length + functions.length > 0;

function note(moves: Map<SidedRule, Set<Move>>, rule: SidedRule, move: Move): void {
  moves.set(rule, (moves.get(rule) ?? new Set()).add(move));
}

/** Returns whether requests move that one of these rules takes. */
function judgeMove(rules: readonly SidedRule[], isOwn: (rule: SidedRule) => boolean): Move {
  const count = rules.filter(isOwn).length;
  return count === 0 ? 'stays' : count === rules.length ? 'moves' : 'both';
}

/**
 * Returns a request of each kind to a name: of each path in a rule the path itself, and one below it that no rule has, with
 * each combination of expressions. null if there are too many expressions.
 */
function listRequestKinds(rules: readonly SidedRule[]): readonly RequestKind[] | null {
  const urls = rules.map(({ url }) => ({ url, ...parseUrl(url) }));
  const isExpression = ({ form }: { readonly form: string }) => form === '~' || form === '~*';
  const expressions = [...new Set(urls.filter(isExpression).map(({ url }) => url))];
  if (expressions.length > expressionsMax) return null;
  let combinations: readonly (readonly string[])[] = [[]];
  for (const expression of expressions)
    combinations = combinations.flatMap((some) => [some, [...some, expression]]);
  const texts = new Set(['/', ...urls.filter((url) => !isExpression(url)).map(({ text }) => text)]);
  return [...texts]
    .flatMap((text) => [text, `${text}\u0000`])
    .flatMap((path) => combinations.map((matched) => ({ path, matched })));
}

/** Returns the rules of a listener of which one takes a request; of several expressions that match, it may be any. */
function listTakers(
  rules: readonly SidedRule[],
  name: string,
  { path, matched }: RequestKind,
): readonly SidedRule[] {
  const { domain } = domainServing(rules, name);
  if (domain === null) return [];
  const { rule, maybe } = ruleServing(rules, domain, path);
  const matching = maybe.filter(({ url }) => matched.includes(url));
  return matching.length > 0 ? matching : rule === null ? [] : [rule];
}
