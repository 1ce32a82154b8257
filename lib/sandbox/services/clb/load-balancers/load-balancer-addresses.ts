import { ApiError, invalidValue } from '@/lib/sandbox/model/api-error';
import { shortRegion } from '@/lib/sandbox/model/clb/short-region';
import type { ActionContext } from '@/lib/sandbox/services/action';
import { cloudId } from '@/lib/sandbox/world/ids';

/** Seeds place their own load balancers and servers at third octets 1 and 2, and from 100 on. */
const thirdOctets = { first: 3, last: 99 };
const lastOctet = 254;

/**
 * Returns addresses for new load balancers, each unused in the whole VIP network.
 * @throws ApiError ResourceInsufficient when the network is exhausted
 */
export function freeAddresses(context: ActionContext, count: number): string[] {
  const [first, second] = context.vipNetwork.split('.');
  const used = context.addressesInUse();
  const found: string[] = [];
  for (let third = thirdOctets.first; third <= thirdOctets.last; third += 1) {
    for (let fourth = 1; fourth <= lastOctet && found.length < count; fourth += 1) {
      const address = `${first}.${second}.${third}.${fourth}`;
      if (!used.has(address)) found.push(address);
    }
  }
  if (found.length < count) {
    throw new ApiError('ResourceInsufficient', `The network ${context.vipNetwork} has no free VIP left.`);
  }
  return found;
}

/**
 * Returns the address that the caller requests.
 * @throws ApiError InvalidParameterValue outside the VIP network, ResourceInsufficient when it is taken
 */
export function wantedAddress(context: ActionContext, address: string): string {
  const [first, second] = context.vipNetwork.split('.');
  const parts = address.split('.').map(Number);
  const isInside =
    parts.length === 4 &&
    parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255) &&
    address.startsWith(`${first}.${second}.`);
  if (!isInside) {
    throw invalidValue(
      `The parameter \`Vip\` must be an address of the sandbox's VIP network ${context.vipNetwork}.`,
    );
  }
  if (context.addressesInUse().has(address)) {
    throw new ApiError('ResourceInsufficient', `The VIP ${address} is in use.`);
  }
  return address;
}

/** Returns an IPv6 address of the documentation prefix (RFC 3849): nothing responds there. */
export function newIpv6(context: Pick<ActionContext, 'nextId'>): string {
  const number = context.nextId();
  return `2001:db8:${(number >> 16).toString(16)}:${(number & 0xffff).toString(16)}::1`;
}

/**
 * Returns the domain name of a new domain-named load balancer: https://www.tencentcloud.com/document/product/214/53830.
 */
export function newDomain(loadBalancerId: string, context: Pick<ActionContext, 'nextId' | 'region'>): string {
  const region = shortRegion(context.region);
  return `${loadBalancerId}${cloudId('', context.nextId())}.clb.${region}-tencentclb.com`;
}
