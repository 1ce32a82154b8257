import type { BalancerStock, EstateSlice } from './estate-slice';

/** Returns what a load balancer has to choose from; undefined until the server has said so. */
export function findStock(
  { stock }: Pick<EstateSlice, 'stock'>,
  loadBalancerId: string,
): BalancerStock | undefined {
  return stock.find((each) => each.loadBalancerId === loadBalancerId);
}
