import type { MemoryLife } from '@/lib/rehearsal/memory-life';
import type { SimulatedEvent, Trigger } from './cloud/scenario';

/** Triggers the events of a scenario as processes reach their places. */
export class Triggers {
  #open: { readonly at: string; left: number; readonly deed: SimulatedEvent }[];

  /** @param spring fires the event on the process; the process waits until that is complete */
  constructor(
    traps: readonly Trigger[],
    private readonly spring: (deed: SimulatedEvent, life: MemoryLife, place: string) => void | Promise<void>,
  ) {
    this.#open = traps.map(({ moment: { at, nth }, deed }) => ({ at, left: nth, deed }));
  }

  /** Disables all remaining triggers. */
  end(): void {
    this.#open = [];
  }

  readonly at = async (place: string, life: MemoryLife): Promise<void> => {
    for (const trap of this.#open) {
      if (!place.startsWith(trap.at)) continue;
      trap.left -= 1;
      if (trap.left >= 0) continue;
      this.#open = this.#open.filter((other) => other !== trap);
      await this.spring(trap.deed, life, place);
    }
  };
}
