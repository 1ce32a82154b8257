/** A path that needs no normalization: no escapes, no dot segments, no empty segments. */
const plain = /^(?:\/[\w~!$&'()*+,;=:@-][\w~!$&'()*+,;=:@.-]*)*\/?$/;

/**
 * Returns the path that rules are matched with: decoded, dot segments resolved, as nginx does before it looks for a
 * location (https://nginx.org/en/docs/http/ngx_http_core_module.html#location); and the query with its question mark,
 * or ''. Takes the origin form of a request target: `/a?b`.
 */
function requestPath(target: string): { readonly path: string; readonly query: string } {
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  if (plain.test(path)) return { path, query: question < 0 ? '' : target.slice(question) };
  const absolute = `http://vip${target.startsWith('/') ? '' : '/'}${target}`;
  if (!URL.canParse(absolute)) return { path: '/', query: '' };
  const { pathname, search } = new URL(absolute);
  // Consecutive slashes are merged, as by nginx's merge_slashes.
  return { path: decodePath(pathname).replace(/\/{2,}/g, '/'), query: search };
}

/** Decodes a path; one with an invalid escape is matched as it was sent. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}

/**
 * Finds the forwarding rule for a request. Pure. Domains and URLs:
 * https://www.tencentcloud.com/document/product/214/9032. The order of plain prefixes and regular expressions is that
 * of nginx (https://nginx.org/en/docs/http/ngx_http_core_module.html#location), whose syntax is used.
 */

/** The fields of a rule that matching needs. */
export type MatchableRule = {
  readonly domain: string;
  readonly furtherDomains: readonly string[];
  readonly url: string;
  readonly isDefault: boolean;
  readonly createdAt: number;
};

export type Match<R> =
  | { readonly kind: 'rule'; readonly rule: R }
  /** `/abc` was requested, only `/abc/` exists: the client is redirected. */
  | { readonly kind: 'addSlash'; readonly location: string }
  | { readonly kind: 'none' };

export type Matcher<R> = {
  /** Returns the rule for a request, from its Host header, with or without port, and its target as sent (`/a?b`). */
  match(host: string, target: string): Match<R>;
  /** Returns the rules of the domain that serves a name; empty only if there is no rule at all. */
  rulesOf(name: string): readonly R[];
};

/** The most Host headers whose domain is cached. */
const remembered = 1000;
const none = { kind: 'none' } as const;

/** Compiles the rules of a listener for frequent matching. */
export function compileMatcher<R extends MatchableRule>(unsorted: readonly R[]): Matcher<R> {
  const rules = unsorted.toSorted((a, b) => a.createdAt - b.createdAt);
  const byDomain = new Map<string, R[]>();
  for (const rule of rules) {
    for (const domain of [rule.domain, ...rule.furtherDomains]) {
      const others = byDomain.get(domain);
      if (others === undefined) byDomain.set(domain, [rule]);
      else others.push(rule);
    }
  }
  const domainOf = compileDomains(rules, [...byDomain.keys()]);
  const urls = new Map<string, (target: string) => Match<R>>();
  const byHost = new Map<string, (target: string) => Match<R>>();

  function urlMatcher(host: string): (target: string) => Match<R> {
    const domain = domainOf(hostName(host));
    if (domain === null) return () => none;
    const known = urls.get(domain) ?? compileUrls(byDomain.get(domain) ?? []);
    urls.set(domain, known);
    return known;
  }

  return {
    match(host, target) {
      let matcher = byHost.get(host);
      if (matcher === undefined) {
        matcher = urlMatcher(host);
        if (byHost.size >= remembered) byHost.clear();
        byHost.set(host, matcher);
      }
      return matcher(target);
    },
    rulesOf: (name) => byDomain.get(domainOf(hostName(name)) ?? '') ?? [],
  };
}

/** Returns the lower-case name of a Host header without port and without a final dot. */
export function hostName(header: string): string {
  return header.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}

/**
 * Compiles the search for the domain whose rules serve a name: exact, prefix wildcard, suffix wildcard, regular
 * expression, default.
 */
function compileDomains(rules: readonly MatchableRule[], domains: readonly string[]) {
  const exact = new Map<string, string>();
  for (const domain of domains) if (!exact.has(domain.toLowerCase())) exact.set(domain.toLowerCase(), domain);
  const prefixed = domains.filter((domain) => domain.startsWith('*.')).toSorted(byLength);
  const suffixed = domains
    .filter((domain) => domain.endsWith('.*') && !domain.startsWith('~'))
    .toSorted(byLength);
  const expressions = domains
    .filter((domain) => domain.startsWith('~'))
    .map((domain) => ({ domain, expression: compile(domain.slice(1), 'i') }));
  // If none is marked, the domain of the oldest rule.
  const fallback = (rules.find((rule) => rule.isDefault) ?? rules[0])?.domain ?? null;
  return (name: string): string | null =>
    exact.get(name) ??
    prefixed.find((domain) => hasSuffix(name, domain.slice(1))) ??
    suffixed.find((domain) => hasPrefix(name, domain.slice(0, -1))) ??
    expressions.find(({ expression }) => expression?.test(name))?.domain ??
    fallback;
}

function compileUrls<R extends MatchableRule>(rules: readonly R[]): (target: string) => Match<R> {
  const parsed = rules.map((rule) => ({
    rule,
    taken: { kind: 'rule', rule } as const,
    ...parseRuleUrl(rule.url),
  }));
  const exact = new Map(parsed.filter(({ form }) => form === '=').map((each) => [each.text, each.taken]));
  const prefixes = parsed
    .filter(({ form }) => form === '' || form === '^~')
    .toSorted((a, b) => b.text.length - a.text.length);
  const texts = new Set(prefixes.map(({ text }) => text));
  const expressions = parsed
    .filter(({ form }) => form === '~' || form === '~*')
    .map((each) => ({ ...each, expression: compile(each.text, each.form === '~*' ? 'i' : '') }));

  return (target) => {
    const { path, query } = requestPath(target);
    const same = exact.get(path);
    if (same !== undefined) return same;
    if (texts.has(`${path}/`) && !texts.has(path)) {
      return { kind: 'addSlash', location: `${encodeURI(path)}/${query}` };
    }
    const prefix = prefixes.find(({ text }) => path.startsWith(text));
    if (prefix?.form === '^~') return prefix.taken;
    const expression = expressions.find((each) => each.expression?.test(path));
    return (expression ?? prefix)?.taken ?? none;
  };
}

type UrlForm = '=' | '^~' | '~*' | '~' | '';

/** Returns the path in a rule's URL, without the modifier of its form. */
export function parseRuleUrl(url: string): { form: UrlForm; text: string } {
  for (const form of ['=', '^~', '~*', '~'] as const) {
    if (url.startsWith(form)) return { form, text: url.slice(form.length).trim() };
  }
  return { form: '', text: url };
}

function byLength(a: string, b: string): number {
  return b.length - a.length;
}

function hasSuffix(name: string, suffix: string): boolean {
  return name.length > suffix.length && name.endsWith(suffix.toLowerCase());
}

function hasPrefix(name: string, prefix: string): boolean {
  return name.length > prefix.length && name.startsWith(prefix.toLowerCase());
}

/**
 * Compiles an expression. One that JavaScript can't compile matches nothing: the rule is unreachable, the listener
 * keeps working.
 */
function compile(source: string, flags: string): RegExp | null {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
