import type { Rule } from './model';

/**
 * Decides which rule of a listener takes a request, as far as possible without running regular expressions, because
 * estate data may contain a slow one. https://www.tencentcloud.com/document/product/214/9032; the order of plain
 * prefixes and expressions is nginx's (https://nginx.org/en/docs/http/ngx_http_core_module.html#location), as is the
 * syntax.
 */

/** The fields of a rule that matching needs. */
export type Matchable = Pick<Rule, 'domain' | 'domains' | 'url' | 'isDefault' | 'createdAt'>;

export type Served<R> = {
  /** The rule that takes the request if no expression matches; null = none. */
  readonly rule: R | null;
  /** Rules whose expressions are tried before it. */
  readonly maybe: readonly R[];
};

export type ServedDomain<R> = {
  /** The domain whose rules take requests for a host if no expression matches; null = there is no rule at all. */
  readonly domain: string | null;
  /** True if it is the listener's default domain, because no domain fits. */
  readonly isDefault: boolean;
  /** Rules with domain expressions, which are tried before the default domain. */
  readonly maybe: readonly R[];
};

/**
 * The site that answers requests for a host on a listener: that of a rule of the name itself, or of a wildcard; `expression` =
 * a rule whose domain is an expression may take it, which is not run; `other` = only the default domain, which is another
 * name; `none` = there is no rule at all. An answer of another site is no service of the host.
 */
export type AnsweringSite = 'own' | 'wildcard' | 'expression' | 'other' | 'none';

/** Returns the domain that names a host: the host itself, else the longest `*.`, else the longest `.*`. */
function findNaming(rules: readonly Pick<Matchable, 'domains'>[], host: string): string | undefined {
  if (rules.some((rule) => hasDomain(rule, host))) return host;
  const domains = [...new Set(rules.flatMap((rule) => rule.domains.map((each) => each.toLowerCase())))];
  const longest = (fits: (domain: string) => boolean) =>
    domains.filter(fits).toSorted((a, b) => b.length - a.length)[0];
  return (
    longest((each) => each.startsWith('*.') && each.length <= host.length && host.endsWith(each.slice(1))) ??
    longest(
      (each) =>
        each.endsWith('.*') &&
        !each.startsWith('~') &&
        each.length <= host.length &&
        host.startsWith(each.slice(0, -1)),
    )
  );
}

/** Returns which site answers requests for a host by the rules of a listener, in any case of letters. */
export function siteAnswering(rules: readonly Pick<Matchable, 'domains'>[], host: string): AnsweringSite {
  const name = host.toLowerCase();
  const naming = findNaming(rules, name);
  if (naming !== undefined) return naming === name ? 'own' : 'wildcard';
  if (rules.some(({ domains }) => domains.some((each) => each.startsWith('~')))) return 'expression';
  return rules.length > 0 ? 'other' : 'none';
}

function hasDomain({ domains }: Pick<Rule, 'domains'>, domain: string): boolean {
  return domains.some((each) => each.toLowerCase() === domain);
}

/** Returns the domain that takes requests matching no domain: the default one, otherwise the oldest. */
export function getDefaultDomain(rules: readonly Matchable[]): string | null {
  const marked = rules.find(({ isDefault }) => isDefault);
  if (marked !== undefined) return marked.domain.toLowerCase();
  const [oldest] = rules.toSorted((a, b) => (a.createdAt ?? '~').localeCompare(b.createdAt ?? '~'));
  return oldest?.domain.toLowerCase() ?? null;
}

/**
 * Returns the domain of a listener that takes requests for a host. Order: exact, then leading `*.`, then trailing `.*`,
 * the longest first, then expressions, then the default domain.
 * @param host in lower case
 */
export function domainServing<R extends Matchable>(rules: readonly R[], host: string): ServedDomain<R> {
  const domain = findNaming(rules, host);
  if (domain !== undefined) return { domain, isDefault: false, maybe: [] };
  const maybe = rules.filter((rule) => rule.domains.some((each) => each.startsWith('~')));
  return { domain: getDefaultDomain(rules), isDefault: true, maybe };
}

/** Parses the path in a rule's URL, without the prefix that marks its form. */
export function parseUrl(url: string): {
  readonly form: '=' | '^~' | '~*' | '~' | '';
  readonly text: string;
} {
  for (const form of ['=', '^~', '~*', '~'] as const)
    if (url.startsWith(form)) return { form, text: url.slice(form.length).trim() };
  return { form: '', text: url };
}

/**
 * Returns the rule of a domain that takes a path. Order: the exact path, then the longest prefix that forbids
 * expressions (`^~`), then expressions, then the longest prefix.
 * @param domain one that `domainServing` found
 */
export function ruleServing<R extends Matchable>(
  rules: readonly R[],
  domain: string,
  path: string,
): Served<R> {
  const own = rules
    .filter((rule) => hasDomain(rule, domain))
    .map((rule) => ({ rule, ...parseUrl(rule.url) }));
  const exact = own.find(({ form, text }) => form === '=' && text === path);
  if (exact !== undefined) return { rule: exact.rule, maybe: [] };
  const [prefix] = own
    .filter(({ form, text }) => (form === '' || form === '^~') && path.startsWith(text))
    .toSorted((a, b) => b.text.length - a.text.length);
  if (prefix?.form === '^~') return { rule: prefix.rule, maybe: [] };
  const maybe = own.filter(({ form }) => form === '~' || form === '~*').map(({ rule }) => rule);
  return { rule: prefix?.rule ?? null, maybe };
}

/** Returns whether a certificate name covers a host: itself, or `*.` for exactly one label (RFC 6125). */
export function coversHost(name: string, host: string): boolean {
  const plain = name.toLowerCase();
  if (!plain.startsWith('*.')) return plain === host;
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot) === plain.slice(1);
}

/**
 * Returns the rules of one listener that answer for a host: those of the domain that serves it; if none fits, those
 * whose expressions may match, otherwise those of the default domain.
 * https://www.tencentcloud.com/document/product/214/9032
 */
export function rulesForHost<R extends Matchable>(rules: readonly R[], host: string): readonly R[] {
  const { domain, isDefault, maybe } = domainServing(rules, host.toLowerCase());
  if (isDefault && maybe.length > 0) return maybe;
  if (domain === null || (isDefault && !rules.some((rule) => rule.isDefault))) return [];
  return rules.filter((rule) => rule.domains.some((each) => each.toLowerCase() === domain));
}

/**
 * Returns the rules of one listener that serve a host as its own site: those of `rulesForHost`, and none if only another
 * site answers.
 */
export function rulesOfSite<R extends Matchable>(rules: readonly R[], host: string): readonly R[] {
  return siteAnswering(rules, host) === 'other' ? [] : rulesForHost(rules, host);
}
