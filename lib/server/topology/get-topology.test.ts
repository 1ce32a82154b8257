import { beforeEach, expect, it } from 'vitest';
import { ConnectionId } from '@/lib/estate/ids';
import { storeEstate } from '@/lib/worker/sync/store-estate';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { testContext } from '@/testing/server/test-context';
import { getMap, getNode, listRoutes } from './get-topology';

/* Queries for parts of an estate, by query parameters, as pages send them. */

const context = testContext();

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
  const estate = { ...testTopologyEstate, connectionId: ConnectionId.parse('test') };
  await context.db.transaction((tx) =>
    storeEstate(tx, 'test', estate, { observedAt: new Date(estate.takenAt), keptDays: 1 }),
  );
});

it('returns only the nodes that a view draws', async () => {
  const map = await getMap({ connectionId: 'test', query: 'open=lb:lb-jkt&region=ap-jakarta' });
  expect(map).toMatchObject({ found: 4, total: 9, isWhole: false });
  expect(JSON.stringify(map)).not.toContain('lb-old');
});

it('returns the rows of one page', async () => {
  const first = await listRoutes({ connectionId: 'test', query: 'sort=rule&order=desc&limit=2' });
  const second = await listRoutes({ connectionId: 'test', query: 'sort=rule&order=desc&limit=2&offset=2' });
  expect(first).toMatchObject({ found: 9, rows: [{ rule: { url: '/' } }, {}] });
  expect(second).toMatchObject({ found: 9, rows: [{}, {}] });
  expect(JSON.stringify(first)).not.toBe(JSON.stringify(second));
});

it('returns a node with its references, and nothing for a missing one', async () => {
  expect(await getNode({ connectionId: 'test', query: 'node=ru:loc-shop' })).toMatchObject({
    node: { kind: 'rule' },
    piece: { loadBalancers: [{ id: 'lb-jkt' }], listeners: [{ id: 'lbl-web' }], rules: [] },
    path: expect.arrayContaining(['host:shop.example.co.id', 'lb:lb-jkt']),
  });
  expect(await getNode({ connectionId: 'test', query: 'node=ru:gone' })).toBeNull();
});

it.each([
  ['a search that is too long', `q=${'x'.repeat(201)}`],
  ['too many opened nodes', Array.from({ length: 61 }, (_, n) => `open=lb:${n}`).join('&')],
  ['too many nodes in focus', Array.from({ length: 7 }, (_, n) => `focus=lb:${n}`).join('&')],
])('refuses %s before reading anything', async (_name, query) => {
  await expect(getMap({ connectionId: 'test', query })).rejects.toMatchObject({ status: 400 });
});

it('refuses a page that is too large, and an invalid instant', async () => {
  await expect(listRoutes({ connectionId: 'test', query: 'limit=201' })).rejects.toMatchObject({
    status: 400,
  });
  await expect(listRoutes({ connectionId: 'test', query: 'offset=-1' })).rejects.toMatchObject({
    status: 400,
  });
  await expect(getMap({ connectionId: 'test', query: 'at=yesterday' })).rejects.toMatchObject({
    status: 400,
  });
});

it('returns null before the first sync, and for a past without one', async () => {
  expect(await getMap({ connectionId: 'test', query: 'at=2020-01-01T00:00:00Z' })).toBeNull();
  await context.clear();
  await context.connect('other');
  expect(await getMap({ connectionId: 'nowhere', query: '' })).toBeNull();
});
