import { isIpAddress, plainAddress } from '@/lib/estate/address';
import { listAddresses } from '@/lib/estate/look-up';
import type { LoadBalancer } from '@/lib/estate/model';
import type { AddressOwner } from '../port';
import type { Reader } from './call/caller';
import { listLoadBalancers, listLoadBalancersAt, readPorts } from './clb/api';

const freshMs = 30_000;
/** Far more than the addresses of all probes, but still a limit. */
const rememberedMax = 1000;

/**
 * Creates a lookup that finds the load balancer of an address by asking the cloud, region by region. Results are cached
 * for 30 s, including negative ones.
 */
export function createAddressOwner(
  reader: Reader,
  regions: readonly string[],
  now: () => Date,
): (address: string) => Promise<AddressOwner | null> {
  const known = new Map<string, { readonly at: number; readonly owner: Promise<AddressOwner | null> }>();

  async function inRegion(region: string, address: string): Promise<LoadBalancer | undefined> {
    const isIp = isIpAddress(address);
    // A list of the whole region certainly includes the domains; a filter for them is not documented to be exact.
    const found = await (isIp
      ? listLoadBalancersAt(reader, region, address)
      : listLoadBalancers(reader, region));
    return found.find((loadBalancer) => listAddresses(loadBalancer).includes(address));
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
    // A failed lookup is repeated.
    owner.catch(() => known.delete(address));
    return owner;
  };
}
