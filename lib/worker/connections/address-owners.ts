import { desc, eq } from 'drizzle-orm';
import type { AddressOwner, Cloud } from '@/lib/cloud/port';
import type { AddressOwners } from '@/lib/cloud/probe/destination';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { estates } from '@/lib/db/schema';
import { isIpAddress, plainAddress } from '@/lib/estate/address';
import { listAddresses } from '@/lib/estate/dns-target';
import type { Estate } from '@/lib/estate/model';
import { newestEstate } from '@/lib/store/estate/newest-estate';

export type AddressOwnersDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => Pick<Cloud, 'addressOwner'>;
  /** The accounts whose load balancers may be connected to. */
  readonly connectionIds: () => readonly string[];
};

function ownersIn({ loadBalancers, listeners }: Estate): ReadonlyMap<string, AddressOwner> {
  const ports = new Map<string, number[]>();
  for (const { loadBalancerId, port } of listeners)
    ports.set(loadBalancerId, [...(ports.get(loadBalancerId) ?? []), port]);
  return new Map(
    loadBalancers.flatMap((loadBalancer) => {
      const { id, region, network, domain } = loadBalancer;
      const owner = { id, region, network, domain, ports: ports.get(id) ?? [] };
      return listAddresses(loadBalancer).map((address) => [address, owner] as const);
    }),
  );
}

/**
 * Creates the lookup of the load balancer that owns an address: from the newest snapshots, so that a failover can be
 * decided while the cloud's API is unavailable, and from the cloud if the address, or a newer listener, is not in the
 * snapshots.
 */
export function addressOwners({ db, cloudOf, connectionIds }: AddressOwnersDeps): AddressOwners {
  /** An unchanged snapshot keeps its row. */
  const known = new Map<
    string,
    { readonly row: number; readonly owners: ReadonlyMap<string, AddressOwner> }
  >();

  async function readSnapshot(connectionId: string): Promise<ReadonlyMap<string, AddressOwner>> {
    const mine = eq(estates.connectionId, connectionId);
    const [newest] = await reconnecting(() =>
      db.select({ id: estates.id }).from(estates).where(mine).orderBy(desc(estates.id)).limit(1),
    );
    const last = known.get(connectionId);
    if (newest === undefined) return new Map();
    if (last?.row === newest.id) return last.owners;
    const estate = await reconnecting(() => newestEstate(db, connectionId));
    const owners = estate === null ? new Map<string, AddressOwner>() : ownersIn(estate);
    known.set(connectionId, { row: newest.id, owners });
    return owners;
  }

  return async (asked, port) => {
    const address = isIpAddress(asked) ? plainAddress(asked) : asked.toLowerCase().replace(/\.$/, '');
    for (const connectionId of connectionIds()) {
      const owner = (await readSnapshot(connectionId)).get(address);
      if (owner?.ports.includes(port)) return { ...owner, connectionId };
    }
    const owners = await Promise.all(
      connectionIds().map(async (connectionId) => {
        const owner = await cloudOf(connectionId).addressOwner(address);
        return owner && { ...owner, connectionId };
      }),
    );
    return owners.find((owner) => owner !== null) ?? null;
  };
}
