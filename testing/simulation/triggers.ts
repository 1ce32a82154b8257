import type { MemoryWorker } from '@/lib/rehearsal/memory-worker';
import type { SimulatedEvent, Trigger } from './cloud/scenario';

/** Triggers the events of a scenario as processes reach their places. */
export class Triggers {
  #open: { readonly at: string; left: number; readonly event: SimulatedEvent }[];

  /** @param fire fires the event on the process; the process waits until that is complete */
  constructor(
    triggers: readonly Trigger[],
    private readonly fire: (
      event: SimulatedEvent,
      worker: MemoryWorker,
      place: string,
    ) => void | Promise<void>,
  ) {
    this.#open = triggers.map(({ moment: { at, nth }, event }) => ({ at, left: nth, event }));
  }

  /** Disables all remaining triggers. */
  end(): void {
    this.#open = [];
  }

  readonly at = async (place: string, worker: MemoryWorker): Promise<void> => {
    for (const trigger of this.#open) {
      if (!place.startsWith(trigger.at)) continue;
      trigger.left -= 1;
      if (trigger.left >= 0) continue;
      this.#open = this.#open.filter((other) => other !== trigger);
      await this.fire(trigger.event, worker, place);
    }
  };
}
