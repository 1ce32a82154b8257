import { sql } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { plans } from '@/lib/db/schema';
import { defaultFailover } from '@/lib/diversion/default-failover';
import { type Limits, noLimits, toAccess } from '@/lib/policy/access';
import type { Role } from '@/lib/policy/roles';
import { publishVersion } from '@/lib/server/functions/change-function';
import { createPlan } from '@/lib/server/plans/create-plan';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { addSwitch } from '@/lib/server/switches/change-switches';
import { readFootprint, readPlanFootprint } from '@/lib/store/read-footprint';
import { findLostRights } from '@/lib/store/runs/lost-rights';
import {
  testEstate,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
  testTarget,
} from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { giveGrants } from '@/testing/server/test-person';

const context = testContext();
beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

const as = (role: Role, limits: Partial<Limits>): Caller => ({
  actor: {
    name: 'sari@example.com',
    accountId: 'sari@example.com',
    role,
    access: toAccess([{ role, ...noLimits, ...limits }]),
  },
  credential: { via: 'session', id: 's' },
  requestId: 'r',
  address: null,
  cookie: null,
  userAgent: null,
});

const refused = { ok: false, error: { form: { message: 'scope.notPermitted' } } };

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

it('refuses a plan as a revision of a diversion outside of the limits', async () => {
  const { diversionId } = await context.plan();
  const shop = [
    testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }),
    testRule('loc-pay', 'lb-cvm', 'pay.example.co.id', { targets: [testTarget()] }),
  ];
  const records = [...testEstate().records, testRecord(13, 'pay', '127.77.1.1')];
  await context.connect('test', 'sandbox', testEstate({ records, rules: shop }));
  const limited = as('operator', { domains: ['shop.example.co.id', 'pay.example.co.id'] });
  const diversion = testSplit({ domain: 'pay.example.co.id' });
  const create = (id: typeof diversionId | null) =>
    actAs(limited, () => createPlan({ connectionId: 'test', diversion, diversionId: id }));
  expect(await create(diversionId)).toMatchObject(refused);
  expect(await create(null)).toMatchObject({ ok: true });
});

it('refuses a Switch whose moves would write outside of the limits', async () => {
  const limited = as('operator', { regions: ['ap-jakarta'] });
  const functions = testEstate().functions.map((fn) => ({ ...fn, region: 'ap-jakarta' }));
  await context.connect('test', 'sandbox', testEstate({ functions }));
  const diversion = testSwitch();
  const routes = diversion.routes.map((route) =>
    route.to === 'function' ? { ...route, function: { ...route.function, region: 'ap-jakarta' } } : route,
  );
  const add = (by: Caller) =>
    actAs(by, () =>
      addSwitch({ connectionId: 'test', diversion: { ...diversion, routes }, policy: defaultFailover }),
    );
  expect(await add(limited)).toMatchObject(refused);
  expect(await add(as('operator', { regions: ['ap-jakarta', 'ap-singapore'] }))).toMatchObject({ ok: true });
});

it('refuses to change a function that serves a domain outside of the limits', async () => {
  const bound = {
    namespace: 'flash',
    name: 'storefront',
    qualifier: '1',
    qualifierType: 'VERSION',
    weight: 10,
  };
  const rules = [testRule('loc-flash', 'lb-scf', 'flash.example.co.id', { functions: [bound] })];
  await context.connect('test', 'sandbox', testEstate({ rules }));
  const change = (domain: string) =>
    actAs(as('administrator', { domains: [domain] }), () =>
      publishVersion({
        connectionId: 'test',
        region: 'ap-singapore',
        namespace: 'flash',
        name: 'storefront',
        reason: 'test',
        change: { kind: 'publish', description: '' },
      } as never),
    );
  expect(await change('shop.example.co.id')).toMatchObject(refused);
  expect(await change('flash.example.co.id')).not.toMatchObject(refused);
});
