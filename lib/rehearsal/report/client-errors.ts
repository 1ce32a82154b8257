import type { FailureCause } from '@/lib/rehearsal/traffic/outcomes';
import type { TrafficStep } from '@/lib/rehearsal/traffic/traffic';

type Seen = { count: number; firstMs: number; lastMs: number; readonly byRule: Map<string, number> };

/** Fewer failed requests than this in a step are rounding. */
const leastCount = 1e-3;

/** Remembers when clients met each cause of failure, and at which rule most. */
export class ClientErrors {
  readonly #seen = new Map<FailureCause, Seen>();
  /** Failed attempts by step, for the faults of a report. */
  readonly #steps: { readonly fromMs: number; readonly failed: number }[] = [];

  add({ fromMs, dtS, rules, attempts, served }: TrafficStep): void {
    this.#steps.push({ fromMs, failed: attempts - served });
    for (const [ruleKey, { failures }] of rules)
      for (const [cause, count] of failures) {
        if (count < leastCount) continue;
        const seen = this.#seen.get(cause) ?? {
          count: 0,
          firstMs: fromMs,
          lastMs: fromMs,
          byRule: new Map(),
        };
        this.#seen.set(cause, seen);
        seen.count += count;
        seen.lastMs = fromMs + dtS * 1000;
        seen.byRule.set(ruleKey, (seen.byRule.get(ruleKey) ?? 0) + count);
      }
  }

  /** Returns the failed attempts of a span, in epoch ms. */
  countBetween(fromMs: number, untilMs: number): number {
    return this.#steps.reduce(
      (sum, step) => (step.fromMs >= fromMs && step.fromMs < untilMs ? sum + step.failed : sum),
      0,
    );
  }

  /** Returns the causes, the most frequent first; `rule` is the key of the rule at which most failed, '' = none. */
  list(): readonly (Omit<Seen, 'byRule'> & { readonly cause: FailureCause; readonly rule: string })[] {
    return [...this.#seen]
      .map(([cause, { byRule, ...seen }]) => {
        const [most] = [...byRule].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
        return { ...seen, cause, rule: most?.[0] ?? '' };
      })
      .toSorted((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
  }
}
