import { expect, test } from 'vitest';
import type { WorldStore } from '@/lib/sandbox/world/world-store';
import { testWorld } from '@/testing/sandbox/data-plane/test-world';
import { testStore } from '@/testing/sandbox/test-store';
import { seedNamed, seedNames } from '../seeds/seeds';
import { serializeWorld } from './state-file';

test.each([...seedNames])('serializes the seed %s to JSON in slices', async (name) => {
  const world = seedNamed(name)('127.108.0.0/16', 0);
  const slices = await serializeWorld(testStore(world));
  expect(slices.join('')).toBe(JSON.stringify(world));
});

test('serializes empty tables, and values that JSON omits', async () => {
  const { world, account } = testWorld();
  Object.assign(account, { absent: undefined });
  expect((await serializeWorld(testStore(world))).join('')).toBe(JSON.stringify(world));
});

/** Changes both ends of the sandbox data at each turn of the event loop, until stopped. */
function keepChanging(store: WorldStore) {
  let goesOn = true;
  const change = () => {
    if (!goesOn) return;
    store.world.nextId += 1;
    for (const account of Object.values(store.world.accounts)) account.appId = store.world.nextId;
    store.changed();
    setImmediate(change);
  };
  change();
  return () => {
    goesOn = false;
  };
}

test('serializes a consistent state of data that changes meanwhile', async () => {
  const store = testStore(seedNamed('large')('127.108.0.0/16', 0));
  const stop = keepChanging(store);
  const text = (await serializeWorld(store)).join('');
  stop();
  const { nextId, accounts } = JSON.parse(text);
  expect(Object.values<{ appId: number }>(accounts).map(({ appId }) => appId)).toEqual([nextId]);
});
