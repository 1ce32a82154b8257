import { type Binding, type BindingHealth, type BindingKind, bindingHealths, bindingKinds } from './bindings';

/** A binding with when it changed last: the first look that found it so, ISO; null = not within the history. */
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

/** Which bindings are looked at, and in which order. */
export type BindingQuery = {
  /** Part of a domain with its URL, a DNS name, a load balancer, or of what is bound. */
  readonly search: string;
  /** null = all, as with the others. */
  readonly region: string | null;
  readonly kind: BindingKind | null;
  readonly health: BindingHealth | null;
  readonly sort: BindingColumn;
  readonly descending: boolean;
};

const oneOf = <T extends string>(values: readonly T[], text: string | null): T | null =>
  values.find((value) => value === text) ?? null;

/** Reads a query from an address; what is missing or odd gets the default. */
export function parseBindingQuery(params: URLSearchParams): BindingQuery {
  return {
    search: params.get('q') ?? '',
    region: params.get('region') || null,
    kind: oneOf(bindingKinds, params.get('kind')),
    health: oneOf(bindingHealths, params.get('health')),
    sort: oneOf(bindingColumns, params.get('sort')) ?? 'domain',
    descending: params.get('order') === 'desc',
  };
}

/** Writes a query next to what else stands in an address; defaults are left out. */
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

/** Text with numbers in it as people count: `web-9` before `web-10`. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** What a column sorts by; null stands last in either order. */
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

/** The bindings that a query asks for, in its order; those that are the same in it stand by domain, URL and id. */
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
