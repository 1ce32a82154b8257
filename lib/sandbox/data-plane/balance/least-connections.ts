import { type Credits, pickByWeight, type Weighted } from './wrr';

/** Requests in flight at each target, by key. */
export type Underway = ReadonlyMap<string, number>;

/**
 * Returns the target with the fewest requests in flight for its weight; among equals by smooth weighted round robin, as
 * nginx does (https://nginx.org/en/docs/http/ngx_http_upstream_module.html#least_conn). Null when every weight is 0.
 */
export function pickLeastConnections<T extends Weighted>(
  targets: readonly T[],
  underway: Underway,
  credits: Credits,
): T | null {
  let least = Number.POSITIVE_INFINITY;
  let equals: T[] = [];
  for (const target of targets) {
    if (target.weight <= 0) continue;
    const load = (underway.get(target.key) ?? 0) / target.weight;
    if (load < least) {
      least = load;
      equals = [];
    }
    if (load === least) equals.push(target);
  }
  return pickByWeight(equals, credits);
}
