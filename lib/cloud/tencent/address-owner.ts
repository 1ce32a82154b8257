import { isIpAddress, plainAddress } from '@/lib/estate/address';
import { addressesOf } from '@/lib/estate/look-up';
import type { LoadBalancer } from '@/lib/estate/model';
import type { AddressOwner } from '../port';
import type { Reader } from './caller';
import { listLoadBalancers, listLoadBalancersAt, readPorts } from './clb/api';

const freshMs = 30_000;
/** Much more than the addresses of all probes; a bound all the same. */
const rememberedMax = 1000;

/**
 * Makes what finds the load balancer of an address by asking the cloud, region by region. Answers are kept for 30 s, those
 * that found none, too.
 */
export function createAddressOwner(
  reader: Reader,
  regions: readonly string[],
  now: () => Date,
): (address: string) => Promise<AddressOwner | null> {
  const known = new Map<string, { readonly at: number; readonly owner: Promise<AddressOwner | null> }>();

  async function inRegion(region: string, address: string): Promise<LoadBalancer | undefined> {
    const isIp = isIpAddress(address);
    // A list of the whole region has the domains for certain; a filter for them is not documented to be exact.
    const found = await (isIp
      ? listLoadBalancersAt(reader, region, address)
      : listLoadBalancers(reader, region));
    return found.find((loadBalancer) => addressesOf(loadBalancer).includes(address));
  }

  async function find(address: string): Promise<AddressOwner | null> {
    const all = await Promise.all(regions.map((region) => inRegion(region, address)));
    const [found] = all.filter((each) => each !== undefined);
    if (found === undefined) return null;
    const { id, region, network, domain } = found;
    return { id, region, network, domain, ports: await readPorts(reader, region, id) };
  }

  return (asked) => {
    const address = isIpAddress(asked) ? plainAddress(asked) : asked.toLowerCase().replace(/\.$/, '');
    const at = now().getTime();
    const last = known.get(address);
    if (last !== undefined && Math.abs(at - last.at) < freshMs) return last.owner;
    if (known.size >= rememberedMax) known.clear();
    const owner = find(address);
    known.set(address, { at, owner });
    // What failed is asked again.
    owner.catch(() => known.delete(address));
    return owner;
  };
}
