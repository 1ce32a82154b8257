import type { FailureCause } from '@/lib/rehearsal/traffic/outcomes';
import type { TrafficStep } from '@/lib/rehearsal/traffic/traffic';

type Seen = { count: number; firstMs: number; lastMs: number; readonly byHost: Map<string, number> };

/** Fewer failed requests than this in a step are rounding. */
const leastInStep = 1e-6;
/** A cause with fewer failed requests than this in the whole event says nothing. */
export const leastFailed = 1e-3;

/** Remembers when clients met each cause of failure, and for which host most. */
export class ClientErrors {
  readonly #seen = new Map<FailureCause, Seen>();
  /** Failed attempts by step, for the faults of a report. */
  readonly #steps: { readonly fromMs: number; readonly failed: number }[] = [];

  add({ fromMs, dtS, failedAt, attempts, served }: TrafficStep): void {
    this.#steps.push({ fromMs, failed: attempts - served });
    for (const [cause, hosts] of failedAt)
      for (const [host, count] of hosts) {
        if (count < leastInStep) continue;
        this.#note(cause, host, count, fromMs, fromMs + dtS * 1000);
      }
  }

  /** Adds one failed request. */
  addOne(cause: FailureCause, host: string, atMs: number): void {
    this.#steps.push({ fromMs: atMs, failed: 1 });
    this.#note(cause, host, 1, atMs, atMs);
  }

  #note(cause: FailureCause, host: string, count: number, fromMs: number, untilMs: number): void {
    const seen = this.#seen.get(cause) ?? { count: 0, firstMs: fromMs, lastMs: fromMs, byHost: new Map() };
    this.#seen.set(cause, seen);
    seen.count += count;
    seen.lastMs = untilMs;
    seen.byHost.set(host, (seen.byHost.get(host) ?? 0) + count);
  }

  /** Returns the failed attempts of a span, in epoch ms. */
  countBetween(fromMs: number, untilMs: number): number {
    return this.#steps.reduce(
      (sum, step) => (step.fromMs >= fromMs && step.fromMs < untilMs ? sum + step.failed : sum),
      0,
    );
  }

  /** Returns the causes, the most frequent first; `host` is the name of which most failed. */
  list(): readonly (Omit<Seen, 'byHost'> & { readonly cause: FailureCause; readonly host: string })[] {
    return [...this.#seen]
      .filter(([, { count }]) => count >= leastFailed)
      .map(([cause, { byHost, ...seen }]) => {
        const [most] = [...byHost].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
        return { ...seen, cause, host: most?.[0] ?? '' };
      })
      .toSorted((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
  }
}
