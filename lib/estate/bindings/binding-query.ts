import { type ListQuery, parseListQuery, parseOneOf, writeListQuery } from '@/lib/estate/list-query';
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

/**
 * The filter and order of the list of bindings. The search looks for part of a domain with its URL, a DNS name, a load
 * balancer, or of what is bound.
 */
export type BindingQuery = ListQuery<BindingColumn> & {
  /** null = any; the same applies to `health`. */
  readonly kind: BindingKind | null;
  readonly health: BindingHealth | null;
};

/** Parses a query from a URL; missing or invalid values get the default. */
export function parseBindingQuery(params: URLSearchParams): BindingQuery {
  return {
    ...parseListQuery(params, bindingColumns),
    kind: parseOneOf(bindingKinds, params.get('kind')),
    health: parseOneOf(bindingHealths, params.get('health')),
  };
}

/** Writes a query into URL parameters and keeps the others; omits defaults. */
export function writeBindingQuery(params: URLSearchParams, query: BindingQuery): URLSearchParams {
  const { kind, health } = query;
  return writeListQuery(params, query, { kind, health }, bindingColumns);
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
