import { eq } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { GET } from '@/app/api/read/[name]/route';
import { readPath } from '@/lib/contract/reads';
import type { SearchView } from '@/lib/contract/search';
import { connections, switches } from '@/lib/db/schema';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { testEstate, testLoadBalancer, testSwitch } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';

const context = testContext();

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

const get = (query: string) =>
  GET(new Request(`http://127.0.0.1${readPath('object.search', { query })}`), {
    params: Promise.resolve({ name: 'object.search' }),
  });
async function find(query: string): Promise<SearchView> {
  const response = await get(query);
  expect(response.status).toBe(200);
  return await response.json();
}
const list = ({ hits }: SearchView) => hits.map(({ kind, name, href }) => [kind, name, href]);

it('finds a diversion with its plan and run by any of their words, and by their ids', async () => {
  const plan = await context.plan();
  const applied = await applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null, cutover: null });
  const runId = applied.ok ? applied.value.runId : '';
  const all = [
    ['diversion', plan.diversionId, `/diversions/${plan.diversionId}`],
    ['plan', plan.id, `/plans/${plan.id}`],
    ['run', runId, `/runs/${runId}`],
  ];
  expect(list(await find('12.12 SPLIT'))).toEqual(all);
  expect(list(await find(runId))).toEqual([all[2]]);
  expect(list(await find('12.12 nothing'))).toEqual([]);
});

it('finds the objects of each account: domains, load balancers by id or address, functions, Switches', async () => {
  await context.connect('other', 'sandbox', testEstate({ loadBalancers: [testLoadBalancer('lb-other')] }));
  await context.db.insert(switches).values({
    connectionId: 'test',
    diversion: testSwitch(),
    policy: { failures: 3, windowS: 60, probes: [] },
    setBy: 'local',
  } as never);
  expect(list(await find('flash.example'))).toEqual([
    ['switch', 'flash.example.co.id', expect.stringMatching(/^\/failover#S-\d+$/)],
    ['domain', 'flash.example.co.id', '/estate?connection=other&q=flash.example.co.id'],
    ['domain', 'flash.example.co.id', '/estate?connection=test&q=flash.example.co.id'],
  ]);
  expect(list(await find('lb-other'))).toEqual([
    ['loadBalancer', 'lb-other', '/estate?connection=other&node=lb%3Alb-other'],
  ]);
  expect(list(await find('127.77.1.2'))).toEqual([
    ['loadBalancer', 'lb-scf', '/estate?connection=test&node=lb%3Alb-scf'],
  ]);
  expect((await find('ap-singapore storefront')).hits.map(({ kind }) => kind)).toEqual([
    'function',
    'function',
  ]);
  // A removed connection keeps its stored data, and has no pages.
  await context.db.update(connections).set({ available: false }).where(eq(connections.id, 'other'));
  expect(list(await find('lb-other'))).toEqual([]);
  await context.db.update(connections).set({ available: true }).where(eq(connections.id, 'other'));
});

it('treats % and _ literally', async () => {
  await context.plan();
  expect(list(await find('%'))).toEqual([]);
  expect(list(await find('12_12'))).toEqual([]);
});

it('limits the list, and reports that', async () => {
  for (let count = 0; count < 7; count += 1) await context.plan();
  const { hits, more } = await find('split');
  expect(hits.filter(({ kind }) => kind === 'diversion')).toHaveLength(6);
  expect(more).toEqual(['diversion', 'plan']);
});

it('refuses an empty query and one that is too long', async () => {
  expect((await get('  ')).status).toBe(400);
  expect((await get('x'.repeat(101))).status).toBe(400);
});
