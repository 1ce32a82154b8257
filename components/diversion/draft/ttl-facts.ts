import type { Draft } from '@/lib/draft/draft';
import { findZone, listAddressRecords } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';

/** A name whose record moves at T0, with its current backend. */
export type TtlFact = {
  readonly domain: string;
  /** The largest TTL of its enabled records, in seconds; null = it has none. */
  readonly ttlS: number | null;
};

/** Returns the names that a draft moves: those of the functions, or those of a Switch. */
export function ttlFacts(
  estate: Pick<Estate, 'records'>,
  draft: Pick<Draft, 'kind' | 'routes' | 'waves'>,
): readonly TtlFact[] {
  const moving = draft.routes.filter(({ to }) => draft.kind === 'switch' || to === 'function');
  const listed = draft.kind === 'switch' ? draft.waves.flatMap(({ names }) => names) : [];
  const named = [...moving.map(({ domain }) => domain), ...listed].filter((domain) => domain !== '');
  const domains = [...new Set(named)];
  return domains.map((domain) => {
    const ttls = listAddressRecords(estate, domain)
      .filter(({ enabled }) => enabled)
      .map(({ ttlS }) => ttlS);
    return { domain, ttlS: ttls.length === 0 ? null : Math.max(...ttls) };
  });
}

/**
 * Returns the lowest TTL that the plans of the moved names' zones accept, with the most restrictive zone; null =
 * unknown.
 */
export function getTtlFloor(
  estate: Pick<Estate, 'records' | 'zones'>,
  draft: Pick<Draft, 'kind' | 'routes' | 'waves'>,
): { readonly zone: string; readonly grade: string; readonly minTtlS: number } | null {
  const floors = ttlFacts(estate, draft).flatMap(({ domain }) => {
    const zone = findZone(estate, domain);
    return zone === undefined || zone.minTtlS === null
      ? []
      : [{ zone: zone.name, grade: zone.grade, minTtlS: zone.minTtlS }];
  });
  return floors.toSorted((a, b) => b.minTtlS - a.minTtlS)[0] ?? null;
}
