/**
 * Smooth weighted round robin, the schedule that nginx uses: in every run of Σweight picks each target gets exactly
 * its weight, spread out instead of in a row (https://github.com/nginx/nginx/commit/52327e0627f49dbda1e8db695e63a4b0af4448b1).
 */

/** The fields of a target that scheduling needs. Weights above 0 may be fractions. */
export type Weighted = { readonly key: string; readonly weight: number };

/** The credit of each target by key; the caller keeps it between picks and may drop it at any time. */
export type Credits = Map<string, number>;

/** Picks the next target by weight, or null when every weight is 0. Changes `credits`. */
export function pickByWeight<T extends Weighted>(targets: readonly T[], credits: Credits): T | null {
  let total = 0;
  let best: T | null = null;
  let bestCredit = Number.NEGATIVE_INFINITY;
  let usable = 0;
  for (const target of targets) {
    if (target.weight <= 0) continue;
    const credit = (credits.get(target.key) ?? 0) + target.weight;
    credits.set(target.key, credit);
    total += target.weight;
    usable += 1;
    if (credit > bestCredit) {
      best = target;
      bestCredit = credit;
    }
  }
  if (credits.size > usable) forgetOthers(targets, credits);
  if (best !== null) credits.set(best.key, bestCredit - total);
  return best;
}

function forgetOthers(targets: readonly Weighted[], credits: Credits): void {
  const keys = new Set(targets.filter(({ weight }) => weight > 0).map(({ key }) => key));
  for (const known of credits.keys()) if (!keys.has(known)) credits.delete(known);
}
