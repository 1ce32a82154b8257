import { beforeEach, expect, it, vi } from 'vitest';
import type { AddressOwner } from '@/lib/cloud/port';
import { connections, estates } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { fileDatabase } from '@/testing/db/test-file-database';
import { testEstate } from '@/testing/plan/test-estate';
import { addressOwners } from './address-owners';

const database = fileDatabase();
const addressOwner = vi.fn<(address: string) => Promise<AddressOwner | null>>();

beforeEach(async () => {
  addressOwner.mockReset();
  addressOwner.mockResolvedValue(null);
  await database.db.delete(estates);
  await database.db.delete(connections);
  for (const id of ['a', 'b']) {
    const row = { id, name: id, kind: 'sandbox', portOffset: 0, isolation: null, available: true } as const;
    await database.db.insert(connections).values(row);
  }
});

const put = (connectionId: string, estate: Estate) =>
  database.db.insert(estates).values({ connectionId, takenAt: new Date(estate.takenAt), version: 1, estate });
const owners = () =>
  addressOwners({ db: database.db, cloudOf: () => ({ addressOwner }), connectionIds: () => ['a', 'b'] });

function firstListener({ loadBalancers, listeners }: Estate) {
  const [listener] = listeners;
  const owner = loadBalancers.find(({ id }) => id === listener?.loadBalancerId);
  const address = owner?.vips[0];
  invariant(listener !== undefined && owner !== undefined && address !== undefined, 'the estate has one');
  return { listener, owner, address };
}

it('finds the load balancers of all accounts in their snapshots, without calling the cloud', async () => {
  const estate = testEstate();
  await put('b', estate);
  const { listener, owner, address } = firstListener(estate);
  addressOwner.mockRejectedValue(new Error('the cloud is away'));
  const findOwner = owners();
  expect(await findOwner(address, listener.port)).toMatchObject({ id: owner.id });
  // A new snapshot is detected.
  await database.db.delete(estates);
  await put('b', { ...estate, loadBalancers: [] });
  await expect(findOwner(address, listener.port)).rejects.toThrow('the cloud is away');
});

it('queries the cloud for an address, or a port, that no snapshot has', async () => {
  const estate = testEstate();
  await put('a', estate);
  const { address } = firstListener(estate);
  const found = { id: 'lb-new', region: 'ap-jakarta', network: 'OPEN', domain: null, ports: [8081] } as never;
  addressOwner.mockResolvedValueOnce(null).mockResolvedValueOnce(found);
  const findOtherOwner = owners();
  expect(await findOtherOwner(address, 8081)).toEqual({ ...Object(found), connectionId: 'b' });
  expect(await findOtherOwner('203.0.113.9', 80)).toBeNull();
  expect(addressOwner.mock.calls.map(([asked]) => asked)).toEqual([
    ...[address, address],
    ...['203.0.113.9', '203.0.113.9'],
  ]);
});
