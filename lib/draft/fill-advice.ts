import type { Draft, RouteDraft } from './draft';
import type { PrefillNote } from './prefill';

/** Instances that an address asks for: `region/namespace/name:count`. */
const askedWarm = /^([\w-]{1,60}\/[\w-]{1,60}\/[\w-]{1,60}):(\d{1,6})$/;
const leadMostS = 86_400;

/** Writes the instances of a function (`namespace/name`) for the address of the editor. */
export function writeWarm(region: string, name: string, instances: number): string {
  return `${region}/${name}:${instances}`;
}

/** The advice that an address asks the editor to fill in, unvalidated. */
export type AskedAdvice = {
  /** Each as `writeWarm` writes it. */
  readonly warm: readonly string[];
  /** The lead of prewarm before T0, in seconds. */
  readonly prewarm: string | null;
};

const writeName = (route: RouteDraft & { readonly to: 'function' }) =>
  `${route.function.region}/${route.function.namespace}/${route.function.name}`;

/**
 * Fills advice into a draft: the provisioned concurrency of the routes to some functions, and the lead of prewarm. What is
 * malformed is left out; so is everything if the draft uses none of the functions.
 * @returns the draft, and a note about what has been filled in
 */
export function fillAdvice(
  draft: Draft,
  { warm, prewarm }: AskedAdvice,
): { readonly draft: Draft; readonly notes: readonly PrefillNote[] } {
  const wanted = new Map(
    warm.flatMap((text) => {
      const [, name = '', count] = askedWarm.exec(text) ?? [];
      return count === undefined || Number(count) < 1 ? [] : [[name, Number(count)] as const];
    }),
  );
  if (wanted.size === 0) return { draft, notes: [] };
  const used = new Set<string>();
  const fill = (route: RouteDraft): RouteDraft => {
    const provisioned = route.to === 'function' ? wanted.get(writeName(route)) : undefined;
    if (route.to !== 'function' || provisioned === undefined) return route;
    used.add(writeName(route));
    return { ...route, provisioned };
  };
  const [routes, ownRoutes] = [draft.routes.map(fill), draft.ownRoutes.map(fill)];
  if (used.size === 0)
    return {
      draft,
      notes: [{ message: 'adviceElsewhere', values: { functions: [...wanted.keys()].join(', ') } }],
    };
  const leadS = prewarm !== null && /^\d{1,5}$/.test(prewarm) ? Math.min(leadMostS, Number(prewarm)) : null;
  const values = {
    warm: [...used].map((name) => `${name}: ${wanted.get(name)}`).join(', '),
    lead: leadS === null ? 'none' : `${Math.ceil(leadS / 60)} min`,
  };
  return {
    draft: { ...draft, routes, ownRoutes, prewarmS: leadS ?? draft.prewarmS },
    notes: [{ message: 'advice', values }],
  };
}
