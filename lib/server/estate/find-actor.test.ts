import { eq } from 'drizzle-orm';
import { afterAll, expect, it, vi } from 'vitest';
import { CloudError } from '@/lib/cloud/errors';
import type { Cloud } from '@/lib/cloud/port';
import { estateVersions } from '@/lib/db/schema';
import type { WriteCall } from '@/lib/estate/call';
import { getDrift } from '@/lib/server/drift/get-drift';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { syncEstate } from '@/lib/worker/sync/sync-estate';
import { startWorkerFixture } from '@/testing/worker/test-worker-fixture';
import { listEstateChanges } from './list-estate-changes';

/* Attribution of changes: runs and other users write to the real sandbox, and a worker queries its audit trail. */

const fixture = await startWorkerFixture('127.133.0.0/16');
process.env.DATABASE_URL = fixture.database.url;
const cloud = fixture.connect();
afterAll(async () => {
  const opened = await serverContext();
  await opened.engine.close();
  await opened.database.close();
  await fixture.stop();
});

const onError = vi.fn();
const sync = (used: Cloud = cloud) =>
  syncEstate({ db: fixture.database.db, cloudOf: () => used, historyDays: 30, onError }, 'test');

/** Binds the server to the shop's rule a second time, on another port. */
const addTarget = (Port: number): WriteCall => ({
  service: 'clb',
  action: 'RegisterTargets',
  region: 'ap-singapore',
  params: {
    LoadBalancerId: 'lb-cvm00001',
    ListenerId: 'lbl-cvm00001',
    LocationId: 'loc-shop0001',
    Targets: [{ InstanceId: 'ins-web00001', Port, Weight: 10 }],
  },
});
const write = async (call: WriteCall) => {
  const receipt = await cloud.write(call);
  await cloud.wait(receipt);
  return receipt.requestId;
};

/** Returns the changes since an instant, by the object's name. */
async function changesSince(at: Date) {
  const found = (await listEstateChanges({ connectionId: 'test', from: at.toISOString() }))?.changes ?? [];
  return new Map(found.map((change) => [change.name, change]));
}

it('identifies runs of Spillway by their requests, and others by the audit trail', async () => {
  await sync();
  const start = new Date();
  const runId = await fixture.storeRun();
  await fixture.work(runId);
  const foreign = await write(addTarget(9033));
  await sync();
  const changes = await changesSince(start);

  const made = changes.get('sale.example.com/');
  const { events } = await fixture.recordOf(runId);
  const requests = events.flatMap((event) => (event.type === 'accepted' ? [event.requestId] : []));
  expect(made?.change).toMatchObject({ kind: 'rules', op: 'added' });
  expect(made?.who.trail).toEqual({ state: 'read' });
  const actors = made?.who.actors ?? [];
  // Two calls created the rule's binding: one creates the rule, one binds the function.
  expect(actors.map(({ kind, action }) => [kind, action])).toEqual([
    ['run', 'RegisterFunctionTargets'],
    ['run', 'CreateRule'],
  ]);
  for (const actor of actors) {
    expect(actor).toMatchObject({ runId, actor: 'test' });
    expect(requests).toContain('requestId' in actor ? actor.requestId : null);
  }

  // None of our runs has written to the other load balancer.
  expect(changes.get('shop.example.com/')).toMatchObject({
    change: { fields: [{ field: 'targets', added: [{ port: 9033 }] }] },
    who: {
      actors: [
        {
          kind: 'user',
          user: 'root',
          action: 'RegisterTargets',
          requestId: foreign,
          sourceIp: '127.0.0.1',
        },
      ],
    },
  });
  expect(changes.get('A sale.example.com')?.who.actors).toMatchObject([{ kind: 'run', runId }]);
  expect(onError).not.toHaveBeenCalled();
});

it('returns the actors who changed the objects of a run', async () => {
  const isOurs = ({ domain, functions }: { domain: string; functions: readonly object[] }) =>
    domain === 'sale.example.com' && functions.length > 0;
  const rule = (await newestEstate(fixture.database.db, 'test'))?.rules.find(isOurs);
  const bound = rule?.functions[0];
  const changed = await write({
    service: 'clb',
    action: 'ModifyFunctionTargets',
    region: 'ap-singapore',
    params: {
      LoadBalancerId: rule?.loadBalancerId ?? '',
      ListenerId: rule?.listenerId ?? '',
      LocationId: rule?.id ?? '',
      FunctionTargets: [
        {
          Function: {
            FunctionNamespace: bound?.namespace ?? '',
            FunctionName: bound?.name ?? '',
            FunctionQualifier: bound?.qualifier ?? '',
            FunctionQualifierType: 'VERSION',
          },
          Weight: 66,
        },
      ],
    },
  });
  await sync();
  const drift = await getDrift('test');
  // Only its name and its rule are watched; changes by others elsewhere are not drift.
  expect(drift).toMatchObject({ watched: 2, unknown: [] });
  expect(drift?.drifted).toMatchObject([
    {
      object: { kind: 'rule', domain: 'sale.example.com' },
      expected: { functions: [{ weight: 10 }] },
      found: { functions: [{ weight: 66 }] },
      who: { trail: { state: 'read' } },
    },
  ]);
  const [only] = drift?.drifted ?? [];
  expect(only?.who.actors).toMatchObject([
    { kind: 'user', user: 'root', action: 'ModifyFunctionTargets', requestId: changed },
  ]);
  const { after, by } = only?.since ?? { after: null, by: '' };
  expect(after !== null && after < by).toBe(true);
});

it('lists all actors since then, the latest first', async () => {
  const start = new Date();
  const first = await write(addTarget(9044));
  await sync();
  const second = await write(addTarget(9055));
  await sync();
  const { who } = (await changesSince(start)).get('shop.example.com/') ?? {};
  // The audit trail has a resolution of one second: earlier writes within the same second may be included.
  const requests = who?.actors.flatMap((actor) => ('requestId' in actor ? [actor.requestId] : [])) ?? [];
  expect(requests.filter((id) => id === first || id === second)).toEqual([second, first]);
});

it('is unknown with the reason if the audit trail cannot be read, except for its own runs', async () => {
  const start = new Date();
  const written = await write(addTarget(9066));
  const denied: Cloud['auditTrail'] = async () => {
    throw new CloudError({
      code: 'UnauthorizedOperation',
      message: 'no',
      requestId: null,
      action: 'DescribeEvents',
      region: null,
      mayHaveHappened: false,
      advice: 'giveUp',
    });
  };
  await sync({ ...cloud, auditTrail: denied });
  const unknown = (await changesSince(start)).get('shop.example.com/')?.who;
  expect(unknown).toEqual({ actors: [], trail: { state: 'unreadable', code: 'UnauthorizedOperation' } });
  expect(onError).not.toHaveBeenCalled();

  // Once it is readable, later syncs query it; stored records stay when it becomes unreadable again.
  const { db } = fixture.database;
  const askAgain = async (used: Cloud) => {
    const rows = await db.select().from(estateVersions);
    for (const { number, audit } of rows) {
      if (audit === null) continue;
      const readAt = new Date(Date.now() - 120_000).toISOString();
      await db
        .update(estateVersions)
        .set({ audit: { ...audit, readAt } })
        .where(eq(estateVersions.number, number));
    }
    await sync(used);
    return (await changesSince(start)).get('shop.example.com/')?.who;
  };
  const known = { actors: expect.arrayContaining([expect.objectContaining({ requestId: written })]) };
  for (const used of [cloud, { ...cloud, auditTrail: denied }])
    expect(await askAgain(used)).toMatchObject({ ...known, trail: { state: 'read' } });
});

it('does not query the audit trail if nothing has changed', async () => {
  const auditTrail = vi.fn(cloud.auditTrail);
  await sync({ ...cloud, auditTrail });
  expect(auditTrail).not.toHaveBeenCalled();
});
