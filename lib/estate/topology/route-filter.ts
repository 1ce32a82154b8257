/** Conditions that a route can be filtered by. */
export const routeStates = ['unhealthy', 'drifted'] as const;
export type RouteState = (typeof routeStates)[number];

export type RouteFilter = {
  /** Words that must all occur in a route; `''` = no search. */
  readonly search: string;
  /** null = all regions. */
  readonly region: string | null;
  /** null = any state. */
  readonly state: RouteState | null;
  /** Ids of nodes that a route must all pass; empty = all routes. */
  readonly focus: readonly string[];
};

export const routeColumns = [
  'domain',
  'address',
  'loadBalancer',
  'region',
  'listener',
  'rule',
  'backend',
  'kind',
  'weight',
  'health',
] as const;
export type RouteColumn = (typeof routeColumns)[number];

export type RouteOrder = { readonly sort: RouteColumn | null; readonly descending: boolean };
