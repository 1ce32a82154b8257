import { leadsTo } from '@/lib/estate/dns-target';
import { addressRecordTypes, getHostName } from '@/lib/estate/look-up';
import {
  domainServing,
  getDefaultDomain,
  parseUrl,
  ruleServing,
  rulesForHost,
} from '@/lib/estate/match-rule';
import type { MeasuredRoute } from '@/lib/estate/measure';
import type { DnsRecord, Listener, LoadBalancer, Rule } from '@/lib/estate/model';
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
  readonly listeners: readonly Pick<Listener, 'id' | 'loadBalancerId' | 'protocol' | 'port'>[];
  readonly rules: readonly SidedRule[];
};

/** The part of an estate that the requests that move are found in. */
export type MovedEstate = SidedEstate & {
  readonly records: readonly Pick<
    DnsRecord,
    'zone' | 'subdomain' | 'lineId' | 'type' | 'value' | 'enabled'
  >[];
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
  const rules = [...found.values()];
  return {
    cvm: listRoutes(
      estate,
      rules.filter(({ targets, functions }) => targets.length > 0 && functions.length === 0),
    ),
    function: listRoutes(
      estate,
      rules.filter(({ functions }) => functions.length > 0),
    ),
  };
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

/** Returns the routes of rules whose load balancers are in an estate. */
function listRoutes({ loadBalancers }: SidedEstate, rules: readonly SidedRule[]): readonly MeasuredRoute[] {
  const balancers = new Map(loadBalancers.map((balancer) => [String(balancer.id), balancer]));
  return rules.flatMap(({ loadBalancerId, listenerId, domain, url, functions }) => {
    const balancer = balancers.get(loadBalancerId);
    if (balancer === undefined) return [];
    const place = { ...getOwner(balancer), region: balancer.region, loadBalancerId, listenerId };
    return [{ ...place, domain, url, functions }];
  });
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

type Answer = Pick<DnsRecord, 'type' | 'value'>;

/** The records that a name has on a line before and after a plan, without disabled ones. */
export type WrittenAnswers = {
  readonly name: string;
  readonly lineId: string;
  readonly before: readonly Answer[];
  readonly after: readonly Answer[];
};

/** The requests that an Access or a Split moves: those of its routes to functions. */
export type MovedRequests = {
  /** The rules of these routes. */
  readonly rules: readonly Pick<RuleRef, 'listenerId' | 'domain' | 'url'>[];
  /** The records that the plan writes. */
  readonly answers: readonly WrittenAnswers[];
};

/** A kind of requests to a name that all rules treat alike, with the expressions that its path matches. */
type RequestKind = { readonly path: string; readonly matched: readonly string[] };

/** Requests of a kind either all move, or all stay. `both`: some may move, and others may stay. */
type Move = 'moves' | 'stays' | 'both';

/** With more expressions for one name, there are too many combinations of those that a path may match. */
const expressionsMax = 4;

/**
 * Returns the rules that take the requests that an Access or a Split moves: those of its routes that call a function, and
 * all others that take such requests on load balancers that DNS led to. null where this is unsure: if some rule takes
 * requests that move and others, if an expression decides, if DNS led or will lead a name to anything but such rules, or if
 * the estate lacks a part of a route. Requests to ports that the load balancers of the routes serve by other rules do not
 * move. Pure.
 */
export function listMovedRoutes(estate: MovedEstate, { rules, answers }: MovedRequests): SideRoutes | null {
  const isOwn = ({ listenerId, domain, url }: SidedRule) =>
    rules.some(
      (own) =>
        own.listenerId === listenerId && own.domain.toLowerCase() === domain.toLowerCase() && own.url === url,
    );
  const own = estate.rules.filter(isOwn);
  const names = new Set(own.map(({ domain }) => domain.toLowerCase()));
  if (own.length === 0 || own.length < rules.length) return null;
  if (own.some(({ listenerId }) => !estate.listeners.some(({ id }) => id === listenerId))) return null;
  if ([...names].some((name) => name.includes('*') || name.startsWith('~'))) return null;
  const byListener = groupRules(estate);
  const moves = new Map<SidedRule, Set<Move>>();
  const former: { readonly name: string; readonly id: string }[] = [];
  for (const name of names) {
    const ownBalancers = new Set(
      own.flatMap(({ domain, loadBalancerId }) => (domain.toLowerCase() === name ? [loadBalancerId] : [])),
    );
    const led = findFormerBalancers(estate, name, ownBalancers, answers);
    if (led === null) return null;
    former.push(...led.map((id) => ({ name, id })));
    const listeners = estate.listeners
      .filter(({ loadBalancerId: id }) => ownBalancers.has(id) || led.includes(id))
      .map((listener) => ({ ...listener, rules: byListener.get(listener.id) ?? [] }));
    const naming = listeners.filter((listener) => findTaker(listener, name) === 'rules');
    const others = listeners.filter((listener) => findTaker(listener, name) === 'other');
    const isOwnPlace = ({ loadBalancerId }: Pick<Listener, 'loadBalancerId'>) =>
      ownBalancers.has(loadBalancerId);
    const isUnclear = naming.some((each) =>
      others.some((other) => other.port === each.port && (isOwnPlace(each) || !isOwnPlace(other))),
    );
    if (isUnclear) return null;
    const requests = listRequestKinds(naming.flatMap((listener) => rulesForHost(listener.rules, name)));
    if (requests === null) return null;
    for (const request of requests) {
      const taken = naming.map((listener) => ({
        ...listener,
        by: listTakers(listener.rules, name, request),
      }));
      const there = taken
        .filter(isOwnPlace)
        .map(({ port, by }) => ({ port, by: by.filter((rule) => isOwn(rule) || hasBackend(rule)) }))
        .filter(({ by }) => by.length > 0);
      const ownPorts = new Set(naming.filter((each) => each.rules.some(isOwn)).map(({ port }) => port));
      const usual = judgeMove(
        there.flatMap(({ port, by }) => (ownPorts.has(port) ? by : [])),
        isOwn,
      );
      for (const { port, by } of taken) {
        const here = there.flatMap((each) => (each.port === port ? each.by : []));
        // Another taker on this port is one of the load balancers of the routes: the requests do not reach the function.
        const isOther = others.some((other) => other.port === port);
        const move = here.length > 0 || isOther ? judgeMove(here, isOwn) : usual;
        for (const rule of by) if (hasBackend(rule)) note(moves, rule, move);
      }
    }
  }
  for (const [rule, all] of moves) {
    const isOther = (domain: string) => !names.has(domain.toLowerCase());
    if (rule.domains.some(isOther) || takesByDefault(estate, rule, byListener, names)) all.add('stays');
  }
  if ([...moves.values()].some((all) => all.has('both') || all.size > 1)) return null;
  const moved = [...moves].flatMap(([rule, all]) => (all.has('moves') ? [rule] : []));
  const isCovered = former.every(({ name, id }) =>
    moved.some(
      ({ loadBalancerId, domains }) =>
        loadBalancerId === id && domains.some((domain) => domain.toLowerCase() === name),
    ),
  );
  if (!isCovered) return null;
  const isFunction = (rule: SidedRule) => isOwn(rule) && rule.functions.length > 0;
  return {
    cvm: listRoutes(
      estate,
      moved.filter((rule) => !isFunction(rule)),
    ),
    function: listRoutes(estate, moved.filter(isFunction)),
  };
}

/**
 * Returns the load balancers that DNS led a name to before a plan. null if one of its records led to anything else, if one
 * will lead to another load balancer than those of its routes, or if it has no records: they may be elsewhere, or a
 * wildcard's, which the plan does not change.
 */
function findFormerBalancers(
  { loadBalancers, records }: MovedEstate,
  name: string,
  ownBalancers: ReadonlySet<string>,
  answers: readonly WrittenAnswers[],
): readonly string[] | null {
  const find = (answer: Answer) => loadBalancers.find((balancer) => leadsTo(answer, balancer))?.id;
  const written = answers.filter((each) => each.name.toLowerCase() === name);
  const isWritten = (record: MovedEstate['records'][number]) =>
    written.some(
      ({ lineId, before, after }) =>
        lineId === record.lineId &&
        [...before, ...after].some(({ type, value }) => type === record.type && value === record.value),
    );
  const others = listAnswers(records).filter(({ host, record }) => host === name && !isWritten(record));
  const after = [...written.flatMap((each) => each.after), ...others.map(({ record }) => record)];
  if (after.length === 0 || after.some((answer) => !ownBalancers.has(find(answer) ?? ''))) return null;
  const hadWildcard = listAnswers(records).some(
    ({ host }) => host.startsWith('*.') && name.endsWith(host.slice(1)),
  );
  if (hadWildcard && written.some(({ before }) => before.length === 0)) return null;
  const former = written.flatMap((each) => each.before).map(find);
  const known = former.filter((id) => id !== undefined);
  return known.length < former.length ? null : known;
}

/** Returns the records that decide where traffic goes, with their host names in lower case, without disabled ones. */
function listAnswers(records: MovedEstate['records']) {
  return records
    .filter(({ enabled, type }) => enabled && addressRecordTypes.includes(type))
    .map((record) => ({ host: getHostName(record).toLowerCase(), record }));
}

/** Returns what takes the requests of a name on a listener: rules for it, or its default domain or a layer-4 listener. */
function findTaker(
  { protocol, rules }: Pick<Listener, 'protocol'> & { readonly rules: readonly SidedRule[] },
  name: string,
): 'rules' | 'other' | null {
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') return 'other';
  if (rules.length === 0) return null;
  return domainServing(rules, name).isDefault ? 'other' : 'rules';
}

/** Returns whether DNS leads names to a rule that it takes only because its domain is the default of its listener. */
function takesByDefault(
  { loadBalancers, records }: MovedEstate,
  { loadBalancerId, listenerId, domains }: SidedRule,
  byListener: ReadonlyMap<string, readonly SidedRule[]>,
  names: ReadonlySet<string>,
): boolean {
  const rules = byListener.get(listenerId) ?? [];
  const byDefault = getDefaultDomain(rules);
  const balancer = loadBalancers.find(({ id }) => id === loadBalancerId);
  if (balancer === undefined || !domains.some((domain) => domain.toLowerCase() === byDefault)) return false;
  // A CNAME to a name that moves leads wherever that name does.
  const goals = [balancer, ...[...names].map((name) => ({ vips: [], ipv6: null, domain: name }))];
  return listAnswers(records).some(
    ({ host, record }) => goals.some((goal) => leadsTo(record, goal)) && domainServing(rules, host).isDefault,
  );
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
