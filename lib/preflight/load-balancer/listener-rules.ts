import { listRules } from '@/lib/estate/look-up';
import type { Matchable } from '@/lib/estate/match-rule';
import type { Listener, Rule } from '@/lib/estate/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import type { CheckInput } from '@/lib/preflight/model/model';

/** An existing rule, or one that a route creates. */
export type PlannedRule = Matchable & {
  /** null = the plan creates it. */
  readonly id: string | null;
};

export type ListenerRules = {
  readonly there: readonly Rule[];
  /** Includes the rules that the plan creates. */
  readonly planned: readonly PlannedRule[];
  /** Returns the rule of a route among them. */
  readonly of: (route: Pick<ResolvedRoute, 'ref'>) => PlannedRule | undefined;
};

function madeRule({ ref, rule }: ResolvedRoute): PlannedRule | null {
  if (rule !== undefined) return null;
  const { domain, url } = ref;
  return { id: null, domain, domains: [domain], url, isDefault: false, createdAt: null };
}

/** Returns the rules of the routes' listeners, and of some others, looked up once for all of them. */
export function rulesOfListeners(
  { estate, routes }: CheckInput,
  more: readonly Listener[] = [],
): ReadonlyMap<string, ListenerRules> {
  const ids = new Set([...routes.map(({ listener }) => listener), ...more].map(({ id }) => id));
  return new Map(
    [...ids].map((id) => {
      const there = listRules(estate, id);
      const made = routes
        .filter(({ listener }) => listener.id === id)
        .flatMap((route) => madeRule(route) ?? []);
      const planned = [...there, ...made];
      const of: ListenerRules['of'] = ({ ref }) =>
        planned.find(({ url, domains }) => url === ref.url && domains.includes(ref.domain));
      return [id, { there, planned, of }];
    }),
  );
}
