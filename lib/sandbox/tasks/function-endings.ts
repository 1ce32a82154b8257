import type { WorldStore } from '../state/world-store';
import type { WorldFunction } from '../world/scf';
import type { Ending, EndingSource } from './timeline';

/** The functions in a passing status: they become Active. */
export function functionEndings(store: WorldStore): EndingSource {
  return {
    next() {
      let next: number | null = null;
      for (const fn of allFunctions(store)) {
        if (fn.settlesAt !== null && (next === null || fn.settlesAt < next)) next = fn.settlesAt;
      }
      return next;
    },
    due(now) {
      const due: Ending[] = [];
      for (const fn of allFunctions(store)) {
        if (fn.settlesAt !== null && fn.settlesAt <= now)
          due.push({ at: fn.settlesAt, end: () => settle(fn) });
      }
      return due;
    },
  };
}

function* allFunctions(store: WorldStore): Generator<WorldFunction> {
  for (const account of Object.values(store.world.accounts)) yield* Object.values(account.functions);
}

function settle(fn: WorldFunction): void {
  fn.status = 'Active';
  fn.settlesAt = null;
}
