import { type Binding, type BindingHealth, type BindingKind, bindingHealths, bindingKinds } from './bindings';

/** A binding with the time of its last change: the first sync that found it so, ISO; null = not within the history. */
export type DatedBinding = Binding & { readonly changedAt: string | null };

export const bindingColumns = [
  'domain',
  'loadBalancer',
  'listener',
  'region',
  'kind',
  'bound',
  'health',
  'dnsNames',
  'changedAt',
] as const;
export type BindingColumn = (typeof bindingColumns)[number];

/** The filter and sort order of a list of bindings. */
export type BindingQuery = {
  /** Part of a domain with its URL, a DNS name, a load balancer, or of what is bound. */
  readonly search: string;
  /** null = all; the same applies to the fields below. */
  readonly region: string | null;
  readonly kind: BindingKind | null;
  readonly health: BindingHealth | null;
  readonly sort: BindingColumn;
  readonly descending: boolean;
};

const parseOneOf = <T extends string>(values: readonly T[], text: string | null): T | null =>
  values.find((value) => value === text) ?? null;

/** Parses a query from a URL; missing or invalid values get the default. */
export function parseBindingQuery(params: URLSearchParams): BindingQuery {
  return {
    search: params.get('q') ?? '',
    region: params.get('region') || null,
    kind: parseOneOf(bindingKinds, params.get('kind')),
    health: parseOneOf(bindingHealths, params.get('health')),
    sort: parseOneOf(bindingColumns, params.get('sort')) ?? 'domain',
    descending: params.get('order') === 'desc',
  };
}

/** Writes a query into URL parameters and keeps the others; omits defaults. */
export function writeBindingQuery(params: URLSearchParams, query: BindingQuery): URLSearchParams {
  const next = new URLSearchParams(params);
  const put = (name: string, value: string | null) => (value ? next.set(name, value) : next.delete(name));
  put('q', query.search);
  put('region', query.region);
  put('kind', query.kind);
  put('health', query.health);
  put('sort', query.sort === 'domain' ? null : query.sort);
  put('order', query.descending ? 'desc' : null);
  return next;
}

function includes(binding: Binding, words: string): boolean {
  const { domains, url, loadBalancer, loadBalancerId, id, dnsNames, bound } = binding;
  const served = domains.map((domain) => `${domain}${url ?? ''}`);
  const texts = [...served, loadBalancer, loadBalancerId, id, ...dnsNames];
  const things = bound.flatMap((thing) => [thing.text, thing.id ?? '']);
  return [...texts, ...things].some((text) => text.toLowerCase().includes(words));
}

/** Natural order of text with numbers: `web-9` before `web-10`. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** Returns the sort key of a column; null sorts last in either order. */
function sortValue(binding: DatedBinding, column: BindingColumn): string | null {
  switch (column) {
    case 'domain':
      return binding.domain === null ? null : `${binding.domain}${binding.url}`;
    case 'bound':
      return binding.bound[0]?.text ?? null;
    case 'dnsNames':
      return binding.dnsNames[0] ?? null;
    case 'kind':
      return String(bindingKinds.indexOf(binding.kind));
    case 'health':
      return String(bindingHealths.indexOf(binding.health));
    default:
      return binding[column];
  }
}

/** Returns the bindings that match a query, in its order; ties are sorted by domain, URL and id. */
export function findBindings(
  bindings: readonly DatedBinding[],
  { search, region, kind, health, sort, descending }: BindingQuery,
): readonly DatedBinding[] {
  const words = search.trim().toLowerCase();
  const sign = descending ? -1 : 1;
  return bindings
    .filter(
      (binding) =>
        (region === null || binding.region === region) &&
        (kind === null || binding.kind === kind) &&
        (health === null || binding.health === health) &&
        (words === '' || includes(binding, words)),
    )
    .map((binding) => ({
      binding,
      value: sortValue(binding, sort),
      tie: `${sortValue(binding, 'domain') ?? '~'} ${binding.id}`,
    }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) {
        if (a.value !== b.value) return a.value === null ? 1 : -1;
      } else if (a.value !== b.value) return sign * compare(a.value, b.value) || compare(a.tie, b.tie);
      return compare(a.tie, b.tie);
    })
    .map(({ binding }) => binding);
}
