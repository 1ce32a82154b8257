/** The load of a load balancer in an hour, as its capacity units count it: averages of the hour. */
export type BalancerLoad = {
  readonly newConnectionsPerS: number;
  readonly openConnections: number;
  /** Both ways. */
  readonly gbPerHour: number;
  readonly requestsPerS: number;
  /** Of its HTTP and HTTPS listeners: the first ten cost nothing. */
  readonly rules: number;
};

/**
 * Returns the capacity units (LCU) that a load balancer is billed for by the hour, of HTTP and HTTPS listeners: the largest of
 * the four counts. https://www.tencentcloud.com/document/product/214/41563 (2025-10-31)
 */
export function capacityUnits(load: BalancerLoad): number {
  const { newConnectionsPerS, openConnections, gbPerHour, requestsPerS, rules } = load;
  const evaluationsPerS = requestsPerS * Math.max(1, rules - 10);
  return Math.max(newConnectionsPerS / 25, openConnections / 3000, gbPerHour, evaluationsPerS / 1000);
}
