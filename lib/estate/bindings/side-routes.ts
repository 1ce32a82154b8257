import { leadsTo } from '@/lib/estate/dns-target';
import { addressRecordTypes, getHostName, indexed } from '@/lib/estate/look-up';
import {
  domainServing,
  getDefaultDomain,
  type Matchable,
  parseUrl,
  ruleServing,
  rulesForHost,
} from '@/lib/estate/match-rule';
import type { MeasuredRoute } from '@/lib/estate/measure';
import type { DnsRecord, Listener, LoadBalancer, Rule } from '@/lib/estate/model';
import type { RuleRef } from '@/lib/estate/object';
import { getOwner } from '@/lib/estate/owner';

type SidedRule = Matchable &
  Pick<Rule, 'id' | 'loadBalancerId' | 'listenerId' | 'functions'> & { readonly targets: readonly unknown[] };

type Rules = readonly SidedRule[];

type SidedRecord = Pick<DnsRecord, 'zone' | 'subdomain' | 'lineId' | 'type' | 'value' | 'enabled'>;

/** The part of an estate that sides are found in. */
export type SidedEstate = {
  readonly loadBalancers: readonly Pick<
    LoadBalancer,
    'connectionId' | 'id' | 'region' | 'vips' | 'ipv6' | 'domain'
  >[];
  readonly listeners: readonly Pick<Listener, 'id' | 'loadBalancerId' | 'protocol' | 'port'>[];
  readonly rules: Rules;
  readonly records: readonly SidedRecord[];
};

/** The two sides of diverted names: rules whose targets answer, and rules whose function does. */
export type SideRoutes = Readonly<Record<'cvm' | 'function', readonly MeasuredRoute[]>>;

/**
 * Returns the rules that serve some names by kind of backend, independently of DNS, because clients cache old answers.
 * Default domains of other names are excluded, and so are rules that redirect or have no backend. Pure.
 */
export function listSideRoutes(estate: SidedEstate, names: readonly string[]): SideRoutes {
  const found = new Map<string, SidedRule>();
  for (const id of new Set(estate.rules.map(({ listenerId }) => listenerId))) {
    const rules = rulesByListener(estate.rules, id);
    for (const name of names)
      if (!domainServing(rules, name.toLowerCase()).isDefault)
        for (const rule of rulesForHost(rules, name)) found.set(rule.id, rule);
  }
  return sortSides(estate, [...found.values()].filter(hasBackend), callsFunction);
}

const callsFunction = ({ functions }: SidedRule) => functions.length > 0;
const hasBackend = (rule: SidedRule) => rule.targets.length > 0 || callsFunction(rule);

const rulesByListener = indexed((rule: SidedRule) => [rule.listenerId]);

type RuleTest = (rule: SidedRule) => boolean;

/** Sorts rules by side. */
function sortSides({ loadBalancers }: SidedEstate, rules: Rules, isFunction: RuleTest): SideRoutes {
  const balancers = new Map(loadBalancers.map((balancer) => [String(balancer.id), balancer]));
  const toRoute = ({ loadBalancerId, listenerId, domain, url, functions }: SidedRule): MeasuredRoute[] => {
    const balancer = balancers.get(loadBalancerId);
    if (balancer === undefined) return [];
    const place = { ...getOwner(balancer), region: balancer.region, loadBalancerId, listenerId };
    return [{ ...place, domain, url, functions }];
  };
  return {
    cvm: rules.filter((rule) => !isFunction(rule)).flatMap(toRoute),
    function: rules.filter(isFunction).flatMap(toRoute),
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
    const all = [...sides.cvm, ...sides.function];
    const paths = [...cvm, ...fn].map((id) =>
      all.flatMap(({ loadBalancerId, url }) => (loadBalancerId === id ? [url] : [])),
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

type Answers = readonly WrittenAnswers[];

/** The requests that an Access or a Split moves: those of its routes to functions. */
export type MovedRequests = {
  /** The rules of these routes. */
  readonly rules: readonly Pick<RuleRef, 'listenerId' | 'domain' | 'url'>[];
  /** The records that the plan writes. */
  readonly answers: Answers;
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
export function listMovedRoutes(estate: SidedEstate, { rules, answers }: MovedRequests): SideRoutes | null {
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
  const moves = new Map<SidedRule, Set<Move>>();
  const former: string[] = [];
  for (const name of names) {
    const ownBalancers = new Set(
      own.flatMap(({ domain, loadBalancerId }) => (domain.toLowerCase() === name ? [loadBalancerId] : [])),
    );
    const led = findFormer(estate, name, ownBalancers, answers);
    if (led === null) return null;
    former.push(...led.map((id) => `${id} ${name}`));
    const listeners = estate.listeners
      .filter(({ loadBalancerId: id }) => ownBalancers.has(id) || led.includes(id))
      .map((listener) => ({ ...listener, rules: rulesByListener(estate.rules, listener.id) }));
    const naming = listeners.filter((listener) => findTaker(listener, name) === 'rules');
    const others = listeners.filter((listener) => findTaker(listener, name) === 'other');
    const isOwnPlace = (each: Pick<Listener, 'loadBalancerId'>) => ownBalancers.has(each.loadBalancerId);
    const isUnclear = naming.some((each) =>
      others.some((other) => other.port === each.port && (isOwnPlace(each) || !isOwnPlace(other))),
    );
    if (isUnclear) return null;
    const requests = listRequestKinds(naming.flatMap((listener) => rulesForHost(listener.rules, name)));
    if (requests === null) return null;
    for (const request of requests) {
      const taken = naming.map((each) => ({ ...each, by: listTakers(each.rules, name, request) }));
      const there = taken
        .filter(isOwnPlace)
        .map(({ port, by }) => ({ port, by: by.filter((rule) => isOwn(rule) || hasBackend(rule)) }))
        .filter(({ by }) => by.length > 0);
      const ownPorts = new Set(naming.filter((each) => each.rules.some(isOwn)).map(({ port }) => port));
      const onOwnPorts = there.flatMap(({ port, by }) => (ownPorts.has(port) ? by : []));
      const usual = judgeMove(onOwnPorts, isOwn);
      for (const { port, by } of taken) {
        const here = there.flatMap((each) => (each.port === port ? each.by : []));
        // Another taker on this port is one of the load balancers of the routes: the requests do not reach the function.
        const isOther = others.some((other) => other.port === port);
        const move = here.length > 0 || isOther ? judgeMove(here, isOwn) : usual;
        for (const rule of by.filter(hasBackend)) moves.set(rule, new Set(moves.get(rule)).add(move));
      }
    }
  }
  for (const [rule, all] of moves) {
    const domains = rule.domains.map((domain) => domain.toLowerCase());
    const beside = rulesByListener(estate.rules, rule.listenerId);
    const isDefault = domains.includes(getDefaultDomain(beside) ?? '');
    if (domains.some((domain) => !names.has(domain))) all.add('stays');
    if (isDefault && takesByDefault(estate, beside, names)) all.add('stays');
  }
  if ([...moves.values()].some((all) => all.has('both') || all.size > 1)) return null;
  const moved = [...moves].flatMap(([rule, all]) => (all.has('moves') ? [rule] : []));
  const served = new Set(
    moved.flatMap(({ loadBalancerId: id, domains }) =>
      domains.map((domain) => `${id} ${domain.toLowerCase()}`),
    ),
  );
  if (former.some((place) => !served.has(place))) return null;
  return sortSides(estate, moved, (rule) => isOwn(rule) && callsFunction(rule));
}

/**
 * Returns the load balancers that DNS led a name to before a plan. null if one of its records led to anything else, if one
 * will lead to another load balancer than those of its routes, or if it has no records: they may be elsewhere, or a
 * wildcard's, which the plan does not change.
 */
function findFormer(estate: SidedEstate, name: string, ownBalancers: ReadonlySet<string>, answers: Answers) {
  const { loadBalancers, records } = estate;
  const find = (answer: Answer) => loadBalancers.find((balancer) => leadsTo(answer, balancer))?.id;
  const written = answers.filter((each) => each.name.toLowerCase() === name);
  const isWritten = ({ lineId, type, value }: SidedRecord) =>
    written
      .flatMap((each) => (each.lineId === lineId ? [...each.before, ...each.after] : []))
      .some((answer) => answer.type === type && answer.value === value);
  const current = listAnswers(records);
  const own = current.flatMap(({ host, record }) => (host === name ? [record] : []));
  const after = [...written.flatMap((each) => each.after), ...own.filter((record) => !isWritten(record))];
  if (after.length === 0 || after.some((answer) => !ownBalancers.has(find(answer) ?? ''))) return null;
  const hadWildcard = current.some(({ host }) => host.startsWith('*.') && name.endsWith(host.slice(1)));
  if (hadWildcard && written.some(({ before }) => before.length === 0)) return null;
  const former = written.flatMap((each) => each.before).map(find);
  const known = former.filter((id) => id !== undefined);
  return known.length < former.length ? null : known;
}

/** Returns the records that decide where traffic goes, with their host names in lower case, without disabled ones. */
function listAnswers(records: readonly SidedRecord[]) {
  return records
    .filter(({ enabled, type }) => enabled && addressRecordTypes.includes(type))
    .map((record) => ({ host: getHostName(record).toLowerCase(), record }));
}

type ListenerRules = Pick<Listener, 'protocol'> & { readonly rules: Rules };

/** Returns what takes the requests of a name on a listener: rules for it, or its default domain or a layer-4 listener. */
function findTaker({ protocol, rules }: ListenerRules, name: string): 'rules' | 'other' | null {
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') return 'other';
  if (rules.length === 0) return null;
  return domainServing(rules, name).isDefault ? 'other' : 'rules';
}

/** Returns whether DNS leads other names to the default domain of a listener. A CNAME leads wherever its name does. */
function takesByDefault(estate: SidedEstate, rules: Rules, names: Iterable<string>): boolean {
  const balancers = estate.loadBalancers.filter(({ id }) => id === rules[0]?.loadBalancerId);
  const goals = [...balancers, ...[...names].map((domain) => ({ vips: [], ipv6: null, domain }))];
  return listAnswers(estate.records).some(
    ({ host, record }) => goals.some((goal) => leadsTo(record, goal)) && domainServing(rules, host).isDefault,
  );
}

/** Returns whether requests move that one of these rules takes. */
function judgeMove(rules: Rules, isOwn: RuleTest): Move {
  const count = rules.filter(isOwn).length;
  return count === 0 ? 'stays' : count === rules.length ? 'moves' : 'both';
}

/**
 * Returns a request of each kind to a name: of each path in a rule the path itself, and one below it that no rule has, with
 * each combination of expressions. null if there are too many expressions.
 */
function listRequestKinds(rules: Rules): readonly RequestKind[] | null {
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
function listTakers(rules: Rules, name: string, { path, matched }: RequestKind): Rules {
  const { domain } = domainServing(rules, name);
  if (domain === null) return [];
  const { rule, maybe } = ruleServing(rules, domain, path);
  const matching = maybe.filter(({ url }) => matched.includes(url));
  return matching.length > 0 ? matching : rule === null ? [] : [rule];
}
