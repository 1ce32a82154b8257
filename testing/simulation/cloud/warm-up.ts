import { provisionedPerMinute } from '@/lib/estate/facts/limits';
import type { ProvisionedRef } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import { countInstances, type Stock } from './stock';

type Start = { readonly from: number; readonly sinceMs: number };

/** Counts how many of the requested instances are ready: more start gradually, surplus ones end at once. */
export class WarmUp {
  readonly #starts = new Map<string, Start>();

  /** @param nowMs the elapsed time, in ms */
  constructor(private readonly nowMs: () => number) {}

  /** Handles each change of the stock. */
  changed(before: Stock, after: Stock): void {
    if (before.provisioned === after.provisioned) return;
    for (const version of [...before.provisioned, ...after.provisioned]) {
      const ref = { ...version, kind: 'provisioned' } as const;
      if (countInstances(before, ref) === countInstances(after, ref)) continue;
      this.#starts.set(objectKey(ref), { from: this.ready(before, ref), sinceMs: this.nowMs() });
    }
  }

  ready(stock: Stock, ref: ProvisionedRef): number {
    const wanted = countInstances(stock, ref);
    const start = this.#starts.get(objectKey(ref));
    // Those that were requested before the simulation began have started by then.
    if (start === undefined) return wanted;
    const started = Math.floor(((this.nowMs() - start.sinceMs) * provisionedPerMinute) / 60_000);
    return Math.min(wanted, start.from + started);
  }
}
