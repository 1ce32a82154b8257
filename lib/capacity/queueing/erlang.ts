/**
 * Returns the share of arrivals that find all of `servers` busy where no request waits (Erlang B). It depends on the mean
 * duration alone, not on its distribution. https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_B_formula
 *
 * Sums 1/B = Σ (n/a)((n−1)/a)… from its first term on, and ends where the rest is below 1e-12: about √n terms near
 * saturation. Far below saturation it returns 0 at once.
 * @param offered arrivals per second × mean duration in seconds
 */
export function erlangB(servers: number, offered: number): number {
  if (offered <= 0) return 0;
  if (servers < 1) return 1;
  if (offered + 10 * Math.sqrt(offered) + 10 < servers) return 0;
  let [term, sum] = [1, 1];
  for (let left = servers; left >= 1; left -= 1) {
    term *= left / offered;
    sum += term;
    if (term < sum * 1e-12 && left < offered) break;
  }
  return 1 / sum;
}

/** The stationary state of a queue for `servers` with `places` to wait in (M/M/c/K). */
export type BoundedQueue = {
  /** The share of arrivals that find no place. */
  readonly blocked: number;
  /** The share of accepted arrivals that wait. */
  readonly waits: number;
  /** The mean number that wait. */
  readonly queued: number;
};

/**
 * Returns the stationary state of M/M/c/K, also beyond saturation. https://en.wikipedia.org/wiki/M/M/c_queue#Finite_capacity
 * @param servers a whole number of at least 1
 * @param offered arrivals per second × mean duration
 * @param places places to wait in; a fraction is interpolated
 */
export function boundedQueue(servers: number, offered: number, places: number): BoundedQueue {
  const full = erlangB(servers, offered);
  if (full === 0) return { blocked: 0, waits: 0, queued: 0 };
  const rho = offered / servers;
  const { sum, weighted, power } = geometric(rho, places);
  // P(exactly all servers busy, none waits).
  const edge = full / (1 + full * sum);
  const blocked = edge * power;
  // Accepted arrivals that wait find 0 to places − 1 waiting: Σ_{k<K} ρ^k = Σ_{1..K} ρ^k ÷ ρ.
  const waits = (edge * sum) / rho / Math.max(1 - blocked, 1e-12);
  return { blocked, waits: Math.min(1, waits), queued: edge * weighted };
}

/** Returns Σ ρ^k and Σ kρ^k for k = 1..n, and ρ^n. */
function geometric(rho: number, n: number): { sum: number; weighted: number; power: number } {
  const log = Math.log(rho);
  // More places change nothing but the length of the full queue, and would overflow.
  const places = log * n > 600 ? 600 / log : n;
  const power = Math.exp(log * places);
  if (Math.abs(1 - rho) * Math.max(1, places) < 1e-5) {
    return { sum: places, weighted: (places * (places + 1)) / 2, power };
  }
  const sum = (rho * (1 - power)) / (1 - rho);
  const weighted = (rho * (1 - (places + 1) * power + places * power * rho)) / (1 - rho) ** 2;
  return { sum, weighted: weighted + (n - places) * sum, power };
}

/** Returns the share of arrivals that wait where the queue has no end (Erlang C); 1 from saturation on. */
export function erlangC(servers: number, offered: number): number {
  if (offered >= servers) return 1;
  const full = erlangB(servers, offered);
  return full / (1 - (offered / servers) * (1 - full));
}
