import { requestPath } from './request-path';

/**
 * Which forwarding rule takes a request. Pure.
 * Domains and URLs: https://www.tencentcloud.com/document/product/214/9032. The order of plain prefixes and
 * regular expressions is nginx's (https://nginx.org/en/docs/http/ngx_http_core_module.html#location): the syntax is its.
 */

/** What matching needs of a rule. */
export type Matchable = {
  readonly domain: string;
  readonly furtherDomains: readonly string[];
  readonly url: string;
  readonly isDefault: boolean;
  readonly createdAt: number;
};

export type Match<R> =
  | { readonly kind: 'rule'; readonly rule: R }
  /** `/abc` was asked, only `/abc/` exists: the client is sent there. */
  | { readonly kind: 'addSlash'; readonly location: string }
  | { readonly kind: 'none' };

export type Matcher<R> = {
  /** The rule that takes a request: its Host header, with or without port, and its target as sent (`/a?b`). */
  match(host: string, target: string): Match<R>;
  /** The rules of the domain that serves a name; empty only where there is no rule at all. */
  rulesOf(name: string): readonly R[];
};

/** Most Host headers whose domain is remembered. */
const remembered = 1000;
const none = { kind: 'none' } as const;

/** Rules of a listener, made ready to be asked often. */
export function compileMatcher<R extends Matchable>(unsorted: readonly R[]): Matcher<R> {
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

/** Host header → lower-case name without port and without a final dot. */
export function hostName(header: string): string {
  return header.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}

/** Which domain's rules serve a name: exact, prefix wildcard, suffix wildcard, regular expression, default. */
function compileDomains(rules: readonly Matchable[], domains: readonly string[]) {
  const exact = new Map<string, string>();
  for (const domain of domains) if (!exact.has(domain.toLowerCase())) exact.set(domain.toLowerCase(), domain);
  const prefixed = domains.filter((domain) => domain.startsWith('*.')).toSorted(byLength);
  const suffixed = domains
    .filter((domain) => domain.endsWith('.*') && !domain.startsWith('~'))
    .toSorted(byLength);
  const expressions = domains
    .filter((domain) => domain.startsWith('~'))
    .map((domain) => ({ domain, expression: compile(domain.slice(1), 'i') }));
  // Where none is marked, the domain of the oldest rule.
  const fallback = (rules.find((rule) => rule.isDefault) ?? rules[0])?.domain ?? null;
  return (name: string): string | null =>
    exact.get(name) ??
    prefixed.find((domain) => hasSuffix(name, domain.slice(1))) ??
    suffixed.find((domain) => hasPrefix(name, domain.slice(0, -1))) ??
    expressions.find(({ expression }) => expression?.test(name))?.domain ??
    fallback;
}

function compileUrls<R extends Matchable>(rules: readonly R[]): (target: string) => Match<R> {
  const parsed = rules.map((rule) => ({
    rule,
    taken: { kind: 'rule', rule } as const,
    ...parseUrl(rule.url),
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

/** The path that a rule's URL names, without the sign of its form. */
export function parseUrl(url: string): { form: UrlForm; text: string } {
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

/** An expression that JavaScript can't compile matches nothing: the rule is unreachable, the listener lives on. */
function compile(source: string, flags: string): RegExp | null {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
