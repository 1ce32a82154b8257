/**
 * Smooth weighted round robin, the schedule that nginx uses: in every run of Σweight picks each target gets exactly
 * its weight, spread out instead of in a row (https://github.com/nginx/nginx/commit/52327e0627f49dbda1e8db695e63a4b0af4448b1).
 */

/** Credit of each target by key; the caller keeps it between picks and may drop it at any time. */
export type Credits = Map<string, number>;

/** The next target by weight, or null when every weight is 0. Changes `credits`. */
export function pickByWeight<T extends { readonly weight: number }>(
  targets: readonly T[],
  key: (target: T) => string,
  credits: Credits,
): T | null {
  const usable = targets.filter((target) => target.weight > 0);
  const keys = new Set(usable.map(key));
  for (const known of credits.keys()) if (!keys.has(known)) credits.delete(known);

  let total = 0;
  let best: T | null = null;
  let bestCredit = Number.NEGATIVE_INFINITY;
  for (const target of usable) {
    const credit = (credits.get(key(target)) ?? 0) + target.weight;
    credits.set(key(target), credit);
    total += target.weight;
    if (credit > bestCredit) {
      best = target;
      bestCredit = credit;
    }
  }
  if (best !== null) credits.set(key(best), bestCredit - total);
  return best;
}
