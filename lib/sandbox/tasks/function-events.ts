import type { WorldFunction } from '../world/scf';
import type { WorldStore } from '../world/world-store';
import type { TimedEvent, TimelineSource } from './timeline';

/** Returns the functions in a temporary status, and the versions that are being published: they become Active. */
export function functionEvents(store: WorldStore): TimelineSource {
  return {
    next() {
      let next: number | null = null;
      for (const { at } of passing(store)) if (next === null || at < next) next = at;
      return next;
    },
    due: (now) => [...passing(store)].filter(({ at }) => at <= now),
  };
}

function* passing(store: WorldStore): Generator<TimedEvent> {
  for (const account of Object.values(store.world.accounts)) {
    for (const fn of Object.values(account.functions)) {
      if (fn.settlesAt !== null) yield { at: fn.settlesAt, fire: () => settle(fn) };
      for (const version of fn.versions) {
        if (version.activeAt !== undefined)
          yield { at: version.activeAt, fire: () => delete version.activeAt };
      }
    }
  }
}

function settle(fn: WorldFunction): void {
  fn.status = 'Active';
  fn.settlesAt = null;
}
