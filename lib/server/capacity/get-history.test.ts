import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { trafficHistories } from '@/lib/db/schema';
import type { TrafficHistory } from '@/lib/estate/history/traffic-history';
import { RuleId } from '@/lib/estate/ids';
import { invariant } from '@/lib/invariant';
import { noLimits, toAccess } from '@/lib/policy/access';
import { actAs } from '@/lib/server/request-actor';
import { testEstate } from '@/testing/plan/test-estate';
import { testCaller } from '@/testing/server/test-caller';
import { testContext } from '@/testing/server/test-context';
import { getTrafficHistory } from './get-history';
import { listHistoryPlaces } from './list-places';

const context = testContext();
const hourMs = 3_600_000;
/** Two whole hours that ended a while ago. */
const until = Math.floor(Date.now() / hourMs) * hourMs - hourMs;
const span = { from: new Date(until - 2 * hourMs).toISOString(), to: new Date(until).toISOString() };

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

async function findPlace(search: string) {
  const found = await listHistoryPlaces({ connectionId: 'test', search });
  const [first] = found?.places ?? [];
  invariant(first !== undefined, `there is a place for ${search}`);
  return first;
}

const countQueued = async () => {
  const { rows } = await context.db.execute<{ count: number }>(
    sql`select count(*)::int as count from dbos.workflow_status where name = 'trafficHistory'`,
  );
  return rows[0]?.count ?? 0;
};

describe('the places of an account', () => {
  it('are its load balancers and the domains of their listeners, found by their words', async () => {
    const all = await listHistoryPlaces({ connectionId: 'test' });
    invariant(all !== null, 'the account has a snapshot');
    expect(all.total).toBe(all.places.length);
    const whole = all.places.filter(({ listener }) => listener === null);
    expect(whole.length).toBeGreaterThan(0);
    const found = await findPlace('shop.example');
    expect(found).toMatchObject({
      place: { domain: 'shop.example.co.id' },
      listener: expect.stringMatching(/^HTTPS?:\d+$/),
    });
    expect(await listHistoryPlaces({ connectionId: 'test', search: 'no such words' })).toEqual({
      places: [],
      total: 0,
    });
    expect(await listHistoryPlaces({ connectionId: 'none' })).toBeNull();
  });
});

describe('the paths of a domain', () => {
  it('are places of their own if it has several, and their requests are asked by path', async () => {
    const estate = testEstate();
    const shop = estate.rules.find(({ domain }) => domain === 'shop.example.co.id');
    invariant(shop !== undefined, 'the estate has a rule for it');
    const cart = { ...shop, id: RuleId.parse('loc-cart'), url: '/cart' };
    await context.connect('paths', 'sandbox', { ...estate, rules: [...estate.rules, cart] });
    const list = async (search: string) =>
      (await listHistoryPlaces({ connectionId: 'paths', search }))?.places.map(({ place }) => [
        place.domain,
        place.url,
      ]);
    expect(await list('shop.example')).toEqual([
      ['shop.example.co.id', null],
      ['shop.example.co.id', '/'],
      ['shop.example.co.id', '/cart'],
    ]);
    expect(await list('id/cart')).toEqual([['shop.example.co.id', '/cart']]);
    const found = await listHistoryPlaces({ connectionId: 'paths', search: 'id/cart' });
    const place = found?.places[0]?.place;
    invariant(place !== undefined, 'the path is listed');
    expect(await getTrafficHistory({ connectionId: 'paths', place, ...span })).toMatchObject({
      state: 'running',
    });
    const [row] = await context.db.select().from(trafficHistories);
    expect(row?.asked.place.url).toBe('/cart');
    // A domain with one rule has the same requests as its path.
    const others = await listHistoryPlaces({ connectionId: 'test', search: 'shop.example' });
    expect(others?.places.map(({ place: each }) => each.url)).toEqual([null]);
  });
});

describe('past requests', () => {
  it('are asked from the worker once, and returned as it stored them', async () => {
    const { place } = await findPlace('shop.example');
    const asked = { connectionId: 'test', place, ...span };
    const before = await countQueued();
    expect(await getTrafficHistory(asked)).toEqual({
      state: 'running',
      content: null,
      readAt: null,
      error: null,
    });
    expect(await getTrafficHistory(asked)).toMatchObject({ state: 'running' });
    expect(await countQueued()).toBe(before + 1);
    const content: TrafficHistory = { from: span.from, periodS: 60, rps: [1, null] };
    await context.db.update(trafficHistories).set({ state: 'done', content, readAt: new Date() });
    expect(await getTrafficHistory(asked)).toMatchObject({ state: 'done', content });
    const [row] = await context.db.select().from(trafficHistories);
    expect(row?.asked).toEqual({
      place,
      span: { from: Date.parse(span.from), to: Date.parse(span.to), periodS: 60 },
    });
  });

  it('are read again after a failure', async () => {
    const { place } = await findPlace('shop.example');
    const asked = { connectionId: 'test', place, ...span };
    await getTrafficHistory(asked);
    await context.db
      .update(trafficHistories)
      .set({ state: 'failed', askedAt: sql`now() - interval '1 minute'` });
    expect(await getTrafficHistory(asked)).toMatchObject({ state: 'running' });
  });

  it.each([
    [{ from: span.to, to: span.from }, 'order'],
    [{ from: '2020-01-01T00:00:00Z', to: '2020-01-01T01:00:00Z' }, 'tooOld'],
  ])('are refused with the reason for %o', async (wrong, problem) => {
    const { place } = await findPlace('shop.example');
    expect(await getTrafficHistory({ connectionId: 'test', place, ...wrong })).toEqual({
      state: 'refused',
      problem,
    });
    expect(await context.db.$count(trafficHistories)).toBe(0);
  });

  it('are refused while three others of the account are read', async () => {
    const { place } = await findPlace('shop.example');
    const read = (hoursBefore: number) =>
      getTrafficHistory({
        connectionId: 'test',
        place,
        from: new Date(until - (hoursBefore + 1) * hourMs).toISOString(),
        to: new Date(until - hoursBefore * hourMs).toISOString(),
      });
    for (const hours of [1, 2, 3]) expect(await read(hours)).toMatchObject({ state: 'running' });
    expect(await read(4)).toEqual({ state: 'refused', problem: 'busy' });
    expect(await read(2)).toMatchObject({ state: 'running' });
    await context.db.update(trafficHistories).set({ state: 'done' });
    expect(await read(4)).toMatchObject({ state: 'running' });
  });

  it('of a whole load balancer are only for those who may see all of its domains', async () => {
    const { place } = await findPlace('shop.example');
    const whole = { ...place, listenerId: null, domain: null };
    const limits = { ...noLimits, domains: ['shop.example.co.id'] };
    const caller = testCaller('sari@example.com', 'viewer');
    const limited = {
      ...caller,
      actor: { ...caller.actor, access: toAccess([{ role: 'viewer', ...limits }]) },
    };
    const seen = await actAs(limited, () => listHistoryPlaces({ connectionId: 'test' }));
    const domains = new Set(seen?.places.map((each) => each.place.domain));
    const asked = (of: typeof place) => () => getTrafficHistory({ connectionId: 'test', place: of, ...span });
    expect([...domains].filter((each) => each !== null)).toEqual(['shop.example.co.id']);
    expect(await actAs(limited, asked(place))).toMatchObject({ state: 'running' });
    expect(await actAs(limited, asked(whole))).toEqual(
      seen?.places.some(
        (each) => each.place.loadBalancerId === place.loadBalancerId && each.listener === null,
      )
        ? expect.anything()
        : null,
    );
    await expect(actAs(limited, asked({ ...place, domain: 'flash.example.co.id' }))).rejects.toMatchObject({
      status: 403,
    });
  });

  it('are null for a place that the snapshot does not have', async () => {
    const { place } = await findPlace('shop.example');
    const gone = { ...place, domain: 'none.example.co.id' };
    expect(await getTrafficHistory({ connectionId: 'test', place: gone, ...span })).toBeNull();
  });
});
