import { sql } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { plans } from '@/lib/db/schema';
import { type Limits, noLimits, toAccess } from '@/lib/policy/access';
import type { Role } from '@/lib/policy/roles';
import { findLostRights } from '@/lib/server/journal/lost-rights';
import { createPlan } from '@/lib/server/plans/create-plan';
import { readFootprint, readPlanFootprint } from '@/lib/server/read-footprint';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { giveGrants } from '@/testing/server/test-person';

const context = testContext();
beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

const as = (role: Role, limits: Partial<Limits>): Caller => ({
  actor: { name: 'sari@example.com', role, access: toAccess([{ role, ...noLimits, ...limits }]) },
  credential: { via: 'session', id: 's' },
  requestId: 'r',
  address: null,
  cookie: null,
  userAgent: null,
});

const sorted = (all: readonly string[] | undefined) => [...new Set(all)].sort();

it('has the connections, regions and domains of routes, and of the objects that steps write', async () => {
  const { id, plan } = await context.plan();
  for (const footprint of [
    await readFootprint(context.db, { plan: id }),
    await readPlanFootprint(context.db, plan),
  ]) {
    expect(sorted(footprint?.connections)).toEqual(['test']);
    expect(sorted(footprint?.regions)).toEqual(['ap-singapore']);
    expect(sorted(footprint?.domains)).toEqual(['flash.example.co.id', 'shop.example.co.id']);
  }
});

it('keeps what an earlier revision of the diversion named', async () => {
  const { diversionId } = await context.plan();
  const moved = testSplit({ domain: 'pay.example.co.id' });
  const records = [...testEstate().records, { ...testEstate().records[0], id: 13, subdomain: 'pay' }];
  await context.connect('test', 'sandbox', testEstate({ records }));
  const second = await createPlan({ connectionId: 'test', diversion: moved, diversionId } as never);
  expect(second).toMatchObject({ ok: true });
  expect(sorted((await readFootprint(context.db, { diversion: diversionId }))?.domains)).toEqual([
    'flash.example.co.id',
    'pay.example.co.id',
    'shop.example.co.id',
  ]);
});

it('is null for what does not exist', async () => {
  expect(await readFootprint(context.db, { plan: 'P-9999' })).toBeNull();
  expect(await readFootprint(context.db, { user: 'u' })).toBeNull();
});

it('of a draft counts before there is a plan', async () => {
  const domains = sql`scope_domains(${JSON.stringify({ routes: [{ domain: 'a.example' }, { domain: '' }] })}::jsonb)`;
  const { rows } = await context.db.execute(sql`select ${domains} as domains`);
  expect(rows).toEqual([{ domains: ['a.example'] }]);
});

it('refuses a plan that writes outside of the limits, though its routes are within', async () => {
  // The load balancers of the routes are in ap-singapore; the request names no region but that of the function.
  const limited = as('operator', { regions: ['ap-jakarta'], domains: ['*.example.co.id'] });
  const moved = testSplit();
  const routes = moved.routes.map((route) =>
    route.to === 'function' ? { ...route, function: { ...route.function, region: 'ap-jakarta' } } : route,
  );
  const functions = testEstate().functions.map((fn) => ({ ...fn, region: 'ap-jakarta' }));
  await context.connect('test', 'sandbox', testEstate({ functions }));
  const refused = await actAs(limited, () =>
    createPlan({ connectionId: 'test', diversion: { ...moved, routes } } as never),
  );
  expect(refused).toMatchObject({ ok: false, error: { form: { message: 'scope.notPermitted' } } });
  expect(await context.db.select().from(plans)).toEqual([]);
});

it('decides whether an approver still may approve', async () => {
  const { id } = await context.plan();
  const lost = () => findLostRights(context.db, ['sari@example.com'], 'plan.approve', { plan: id });
  expect([...(await lost())]).toEqual(['sari@example.com']);
  const give = (limits: Partial<Limits>) =>
    giveGrants(context.db, 'sari@example.com', [{ role: 'approver', ...noLimits, ...limits }]);
  await give({ domains: ['*.example.co.id'] });
  expect([...(await lost())]).toEqual([]);
  await give({ domains: ['flash.example.co.id'] });
  expect([...(await lost())]).toEqual(['sari@example.com']);
});
