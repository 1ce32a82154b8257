import { z } from 'zod';
import type { CloudConnection } from '@/lib/cloud/connection';
import { isLoopbackAddress, mappedIpv4 } from '@/lib/estate/address';

export type Dial = { readonly host: string; readonly port: number };

const Addresses = z.object({
  addresses: z.array(z.object({ vip: z.string(), port: z.number(), host: z.string(), realPort: z.number() })),
});

/**
 * Returns where to connect for a listener's port at a VIP: the VIP itself, an offset port where low ports can't be
 * bound, or another address where this system has no such addresses.
 * @throws Error when nothing answers for it, or the address can't be found out
 */
export async function createDial(
  connection: Pick<CloudConnection, 'portOffset' | 'addresses'>,
  address: string,
  port: number,
): Promise<Dial> {
  const { addresses: controlApi, portOffset } = connection;
  // An IPv6 address that maps an IPv4 one is reached at that IPv4 address, even on a system without IPv6; the sandbox's
  // NAT64 works this way.
  const vip = mappedIpv4(address) ?? address;
  if (controlApi === null) return { host: vip, port: port < 1024 ? port + portOffset : port };
  const response = await fetch(`${controlApi.url}/addresses`, {
    headers: { authorization: `Bearer ${controlApi.token}` },
    redirect: 'error',
    signal: AbortSignal.timeout(5000),
  });
  if (!response.ok) throw new Error(`the sandbox does not tell its addresses (status ${response.status})`);
  const { addresses } = Addresses.parse(await response.json());
  const found = addresses.find((each) => each.vip === vip && each.port === port);
  if (found === undefined) throw new Error(`nothing answers for ${vip}:${port}`);
  if (!isLoopbackAddress(found.host))
    throw new Error(`${found.host} is no address of this machine's sandbox`);
  return { host: found.host, port: found.realPort };
}
