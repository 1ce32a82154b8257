import type { KnownIds } from '@/lib/estate/call';
import type { Plan, Step, WriteStep } from '@/lib/plan/model/model';
import type { RunEvent } from './model';

/**
 * The placeholders by which a plan names the load balancers or listeners that it creates; they can't be confused with
 * cloud ids. The journal has their values once the step that creates the object is complete. Pure.
 */
export type Placeholders = ReadonlyMap<string, string>;

/** Returns whether a plan has placeholders at all. */
export function hasPlaceholders(plan: Pick<Plan, 'steps'>): boolean {
  return plan.steps.some((step) => step.kind === 'write' && step.yields !== undefined);
}

/** Returns the ids that a creating step has found, by placeholder; undefined if it creates nothing. */
export function yielded({ yields }: WriteStep, ids: KnownIds): Record<string, string> | undefined {
  if (yields === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(yields).flatMap(([name, placeholder]) => {
      const id = ids[name];
      return id === undefined ? [] : [[placeholder, String(id)]];
    }),
  );
}

/** Returns the values of placeholders known so far. */
export function collectPlaceholders(events: readonly RunEvent[]): Placeholders {
  const known = new Map<string, string>();
  for (const event of events)
    if (event.type === 'stepDone' && event.ids !== undefined)
      for (const [placeholder, id] of Object.entries(event.ids)) known.set(placeholder, id);
  return known;
}

/** Returns the name of an id, with its placeholder resolved: a record is named by its type and value. */
function bindName(name: string, placeholders: Placeholders): string {
  return name
    .split(' ')
    .map((word) => placeholders.get(word) ?? word)
    .join(' ');
}

/**
 * Replaces placeholders with ids if they are a whole value, and in the names of ids. A value without placeholders is
 * returned unchanged, because a run binds all of its steps again with each event.
 */
function bind<T>(value: T, placeholders: Placeholders): T {
  if (typeof value === 'string') return (placeholders.get(value) ?? value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const bound = value.map((each) => bind(each, placeholders));
    return bound.some((each, nth) => each !== value[nth]) ? (bound as T) : value;
  }
  if ('$id' in value && typeof value.$id === 'string')
    return { ...value, $id: bindName(value.$id, placeholders) };
  let bound: T | undefined;
  for (const [name, each] of Object.entries(value)) {
    const next = bind(each, placeholders);
    if (next !== each) bound = { ...(bound ?? value), [name]: next };
  }
  return bound ?? value;
}

/** Returns the steps with all known placeholders replaced, except in `yields`, where they are names. */
export function bindSteps(steps: readonly Step[], placeholders: Placeholders): readonly Step[] {
  if (placeholders.size === 0) return steps;
  return steps.map((step) => {
    const bound = bind(step, placeholders);
    return step.kind === 'write' && step.yields !== undefined ? { ...bound, yields: step.yields } : bound;
  });
}

/** Returns a plan with all placeholders replaced whose ids are known. */
export function bindPlan(plan: Plan, events: readonly RunEvent[]): Plan {
  const placeholders = collectPlaceholders(events);
  if (placeholders.size === 0) return plan;
  return {
    ...plan,
    ...(plan.routes === undefined ? {} : { routes: bind(plan.routes, placeholders) }),
    steps: bindSteps(plan.steps, placeholders),
    rollback: bindSteps(plan.rollback, placeholders),
  };
}
