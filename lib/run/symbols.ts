import type { KnownIds } from '@/lib/estate/call';
import type { Plan, Step, WriteStep } from '@/lib/plan/model';
import type { RunEvent } from './model';

/**
 * A plan that makes load balancers or listeners names them by symbols, which no id of the cloud can be mistaken for. What
 * stands for them is in the journal once the step that makes it is done. Pure.
 */
export type Symbols = ReadonlyMap<string, string>;

/** Whether a plan has symbols at all. */
export function hasSymbols(plan: Pick<Plan, 'steps'>): boolean {
  return plan.steps.some((step) => step.kind === 'write' && step.yields !== undefined);
}

/** What a step that makes something has found its ids to be, by symbol; undefined where it makes nothing. */
export function yielded({ yields }: WriteStep, ids: KnownIds): Record<string, string> | undefined {
  if (yields === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(yields).flatMap(([name, symbol]) => {
      const id = ids[name];
      return id === undefined ? [] : [[symbol, String(id)]];
    }),
  );
}

/** What is known of symbols by now. */
export function symbolsOf(events: readonly RunEvent[]): Symbols {
  const known = new Map<string, string>();
  for (const event of events)
    if (event.type === 'stepDone' && event.ids !== undefined)
      for (const [symbol, id] of Object.entries(event.ids)) known.set(symbol, id);
  return known;
}

/** The name of an id, with what is known of the symbol in it: a record is named by its type and value. */
function bindName(name: string, symbols: Symbols): string {
  return name
    .split(' ')
    .map((word) => symbols.get(word) ?? word)
    .join(' ');
}

/** Puts ids in the place of symbols, wherever one stands as a whole value, and in the names of ids. */
function bind<T>(value: T, symbols: Symbols): T {
  if (typeof value === 'string') return (symbols.get(value) ?? value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => bind(each, symbols)) as T;
  if ('$id' in value && typeof value.$id === 'string') return { ...value, $id: bindName(value.$id, symbols) };
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, bind(each, symbols)])) as T;
}

/** The steps with what is known by now in the place of symbols. What a step yields keeps its symbols: they are names there. */
export function bindSteps(steps: readonly Step[], symbols: Symbols): readonly Step[] {
  if (symbols.size === 0) return steps;
  return steps.map((step) => {
    const bound = bind(step, symbols);
    return step.kind === 'write' && step.yields !== undefined ? { ...bound, yields: step.yields } : bound;
  });
}

/** A plan as a run knows it by now. */
export function bindPlan(plan: Plan, events: readonly RunEvent[]): Plan {
  const symbols = symbolsOf(events);
  if (symbols.size === 0) return plan;
  return { ...plan, steps: bindSteps(plan.steps, symbols), revert: bindSteps(plan.revert, symbols) };
}
