import type { KnownIds } from '@/lib/estate/call';
import type { Plan, Step, WriteStep } from '@/lib/plan/model/model';
import type { RunEvent } from './model';

/**
 * The symbols by which a plan names the load balancers or listeners that it creates; they can't be mistaken for a cloud
 * id. The journal holds their values once the step that creates the object is done. Pure.
 */
export type Symbols = ReadonlyMap<string, string>;

/** Returns whether a plan has symbols at all. */
export function hasSymbols(plan: Pick<Plan, 'steps'>): boolean {
  return plan.steps.some((step) => step.kind === 'write' && step.yields !== undefined);
}

/** Returns the ids that a creating step has found, by symbol; undefined where it creates nothing. */
export function yielded({ yields }: WriteStep, ids: KnownIds): Record<string, string> | undefined {
  if (yields === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(yields).flatMap(([name, symbol]) => {
      const id = ids[name];
      return id === undefined ? [] : [[symbol, String(id)]];
    }),
  );
}

/** Returns the values of symbols known so far. */
export function collectSymbols(events: readonly RunEvent[]): Symbols {
  const known = new Map<string, string>();
  for (const event of events)
    if (event.type === 'stepDone' && event.ids !== undefined)
      for (const [symbol, id] of Object.entries(event.ids)) known.set(symbol, id);
  return known;
}

/** Returns the name of an id, with its symbol resolved: a record is named by its type and value. */
function bindName(name: string, symbols: Symbols): string {
  return name
    .split(' ')
    .map((word) => symbols.get(word) ?? word)
    .join(' ');
}

/** Replaces symbols with ids, wherever one occurs as a whole value, and in the names of ids. */
function bind<T>(value: T, symbols: Symbols): T {
  if (typeof value === 'string') return (symbols.get(value) ?? value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => bind(each, symbols)) as T;
  if ('$id' in value && typeof value.$id === 'string') return { ...value, $id: bindName(value.$id, symbols) };
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, bind(each, symbols)])) as T;
}

/** Returns the steps with all known symbols replaced. What a step yields keeps its symbols: they are names there. */
export function bindSteps(steps: readonly Step[], symbols: Symbols): readonly Step[] {
  if (symbols.size === 0) return steps;
  return steps.map((step) => {
    const bound = bind(step, symbols);
    return step.kind === 'write' && step.yields !== undefined ? { ...bound, yields: step.yields } : bound;
  });
}

/** Returns a plan with all symbols replaced that the run knows so far. */
export function bindPlan(plan: Plan, events: readonly RunEvent[]): Plan {
  const symbols = collectSymbols(events);
  if (symbols.size === 0) return plan;
  return { ...plan, steps: bindSteps(plan.steps, symbols), revert: bindSteps(plan.revert, symbols) };
}
