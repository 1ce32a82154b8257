/**
 * Which forwarding rule takes a request. Pure.
 * Domains and URLs: https://www.tencentcloud.com/document/product/214/9032. The order of plain prefixes and
 * regular expressions is nginx's (https://nginx.org/en/docs/http/ngx_http_core_module.html#location): the syntax is its.
 */

/** What matching needs of a rule. */
export type Matchable = {
  readonly domain: string;
  readonly url: string;
  readonly isDefault: boolean;
  readonly createdAt: number;
};

export type Match<R> =
  | { readonly kind: 'rule'; readonly rule: R }
  /** `/abc` was asked, only `/abc/` exists: the client is sent there. */
  | { readonly kind: 'addSlash'; readonly path: string }
  | { readonly kind: 'none' };

/** The rule of a listener that takes `path` (decoded, without query) for `host` (a Host header, with or without port). */
export function matchRule<R extends Matchable>(rules: readonly R[], host: string, path: string): Match<R> {
  const domain = matchDomain(rules, hostName(host));
  return domain === null
    ? { kind: 'none' }
    : matchUrl(
        rules.filter((rule) => rule.domain === domain),
        path,
      );
}

/** Host header → lower-case name without port and without a final dot. */
export function hostName(header: string): string {
  return header.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}

/** The domain whose rules serve this name: exact, prefix wildcard, suffix wildcard, regular expression, default. */
export function matchDomain(rules: readonly Matchable[], name: string): string | null {
  const domains = [...new Set(byAge(rules).map((rule) => rule.domain))];
  return (
    domains.find((domain) => domain.toLowerCase() === name) ??
    longest(domains.filter((domain) => domain.startsWith('*.') && hasSuffix(name, domain.slice(1)))) ??
    longest(domains.filter((domain) => isSuffixWildcard(domain) && hasPrefix(name, domain.slice(0, -1)))) ??
    domains.find((domain) => domain.startsWith('~') && matches(domain.slice(1), 'i', name)) ??
    defaultDomain(rules)
  );
}

/** The listener's default domain; where none is marked, the domain of the oldest rule. */
function defaultDomain(rules: readonly Matchable[]): string | null {
  return (rules.find((rule) => rule.isDefault) ?? byAge(rules)[0])?.domain ?? null;
}

function matchUrl<R extends Matchable>(rules: readonly R[], path: string): Match<R> {
  const parsed = byAge(rules).map((rule) => ({ rule, ...parseUrl(rule.url) }));

  const exact = parsed.find(({ form, text }) => form === '=' && text === path);
  if (exact) return { kind: 'rule', rule: exact.rule };

  const prefixes = parsed.filter(({ form }) => form === '' || form === '^~');
  if (!prefixes.some(({ text }) => text === path) && prefixes.some(({ text }) => text === `${path}/`)) {
    return { kind: 'addSlash', path: `${path}/` };
  }

  const prefix = prefixes
    .filter(({ text }) => path.startsWith(text))
    .reduce<(typeof prefixes)[number] | null>(
      (best, next) => (best === null || next.text.length > best.text.length ? next : best),
      null,
    );
  if (prefix?.form === '^~') return { kind: 'rule', rule: prefix.rule };

  const regex = parsed.find(
    ({ form, text }) =>
      (form === '~' && matches(text, '', path)) || (form === '~*' && matches(text, 'i', path)),
  );
  const found = regex ?? prefix;
  return found ? { kind: 'rule', rule: found.rule } : { kind: 'none' };
}

type UrlForm = '=' | '^~' | '~*' | '~' | '';

function parseUrl(url: string): { form: UrlForm; text: string } {
  for (const form of ['=', '^~', '~*', '~'] as const) {
    if (url.startsWith(form)) return { form, text: url.slice(form.length).trim() };
  }
  return { form: '', text: url };
}

function byAge<R extends Matchable>(rules: readonly R[]): R[] {
  return rules.toSorted((a, b) => a.createdAt - b.createdAt);
}

function isSuffixWildcard(domain: string): boolean {
  return domain.endsWith('.*') && !domain.startsWith('~');
}

function hasSuffix(name: string, suffix: string): boolean {
  return name.length > suffix.length && name.endsWith(suffix.toLowerCase());
}

function hasPrefix(name: string, prefix: string): boolean {
  return name.length > prefix.length && name.startsWith(prefix.toLowerCase());
}

function longest(domains: readonly string[]): string | undefined {
  return domains.toSorted((a, b) => b.length - a.length)[0];
}

/** An expression that JavaScript can't compile matches nothing: the rule is unreachable, the listener lives on. */
function matches(source: string, flags: string, text: string): boolean {
  try {
    return new RegExp(source, flags).test(text);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
