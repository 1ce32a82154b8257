import { matchesDomain } from '@/lib/match-domain';

/* The decision which objects the limits of a role cover. Without a parser, because every page evaluates them to offer only what is permitted. */

/** Limits to connections, regions and patterns of domains. null = no limit of that kind. */
type LimitLists = Readonly<Record<'connections' | 'regions' | 'domains', readonly string[] | null>>;

/**
 * The connections, regions and domains that something touches. Domains are as the cloud has them: a rule's may be a wildcard,
 * or a regular expression, which begins with `~`.
 */
export type Footprint = {
  readonly connections: readonly string[];
  readonly regions: readonly string[];
  readonly domains: readonly string[];
};

/** Returns what several things touch together. */
export const mergeFootprints = (footprints: readonly Footprint[]): Footprint => ({
  connections: [...new Set(footprints.flatMap(({ connections }) => connections))],
  regions: [...new Set(footprints.flatMap(({ regions }) => regions))],
  domains: [...new Set(footprints.flatMap(({ domains }) => domains))],
});

/**
 * Returns whether a pattern covers a domain. A wildcard domain is covered by a pattern for all that it matches: its `*` must fall
 * on one of the pattern's. A regular expression is covered by none, since what it matches can't be told.
 */
export function coversDomain(pattern: string, domain: string): boolean {
  return !domain.startsWith('~') && domain !== '' && matchesDomain(pattern, domain);
}

/** Returns whether limits limit nothing. */
export function isUnlimited({ connections, regions, domains }: LimitLists): boolean {
  return connections === null && regions === null && domains === null;
}

/** Returns whether limits cover everything that something touches. */
export function covers({ connections, regions, domains }: LimitLists, footprint: Footprint): boolean {
  return (
    (connections === null || footprint.connections.every((id) => connections.includes(id))) &&
    (regions === null || footprint.regions.every((region) => regions.includes(region))) &&
    (domains === null ||
      footprint.domains.every((domain) => domains.some((pattern) => coversDomain(pattern, domain))))
  );
}
