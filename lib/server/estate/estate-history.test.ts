import { asc, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { FunctionSpec } from '@/lib/cloud/port';
import {
  estateChanges as changeRows,
  connections,
  deployments,
  estates,
  estateVersions,
  sandboxResets,
} from '@/lib/db/schema';
import { asRead } from '@/lib/estate/history/carry-unread';
import { RecordId } from '@/lib/estate/ids';
import type { Estate } from '@/lib/estate/model';
import { stableText } from '@/lib/estate/same-value';
import { serverContext } from '@/lib/store/context';
import { newestEstate, newestSnapshot } from '@/lib/store/estate/newest-estate';
import { storeFunction } from '@/lib/worker/functions/store-function';
import { storeEstate } from '@/lib/worker/sync/store-estate';
import { startTestDatabase } from '@/testing/db/test-database';
import { anyEstate } from '@/testing/estate/test-estates';
import { testEstate } from '@/testing/plan/test-estate';
import { exportBindings } from './export-bindings';
import { getPastEstate } from './get-past-estate';
import { listBindings } from './list-bindings';
import { listEstateChanges } from './list-estate-changes';
import { readPastEstate } from './read-past-estate';

/*
 * The history of a connection's snapshots on a real database: stored as workers store it, read through the dashboard's
 * queries.
 */

const database = await startTestDatabase();
process.env.DATABASE_URL = database.url;
afterAll(async () => {
  const opened = await serverContext();
  await opened.engine.close();
  await opened.database.close();
  await database.stop();
});

const id = 'here';
const forget = async () => {
  for (const table of [estates, estateVersions, connections]) await database.db.delete(table);
  await database.db
    .insert(connections)
    .values({ id, name: id, kind: 'sandbox', portOffset: 0, available: true });
};
beforeEach(forget);

/** Minutes before now. */
const start = Date.now() - 3 * 3_600_000;
const minute = (n: number) => new Date(start + n * 60_000);
const isoMinute = (n: number) => minute(n).toISOString();

async function sync(n: number, estate: Estate, keptDays = 30): Promise<void> {
  const reading = { ...estate, takenAt: isoMinute(n) };
  await database.db.transaction((tx) => storeEstate(tx, id, reading, { observedAt: minute(n), keptDays }));
}
/** The reason for an unreadable part is reported only for the newest snapshot. */
const said = (estate: Estate | undefined) =>
  stableText({ ...estate, takenAt: '', gaps: estate?.gaps.map(({ part }) => part).sort() });
const versions = () => database.db.select().from(estateVersions).orderBy(asc(estateVersions.number));

const base = testEstate();
const [rule] = base.rules as [Estate['rules'][number]];
const withRule = (change: Partial<typeof rule>): Estate => ({
  ...base,
  rules: base.rules.map((each) => (each.id === rule.id ? { ...each, ...change } : each)),
});
const [record] = base.records as [Estate['records'][number]];

describe('the estate at an instant', () => {
  it('is that of the last sync before it', async () => {
    // In the form of snapshots: without unreadable parts.
    const reading = anyEstate.map(asRead);
    await fc.assert(
      fc.asyncProperty(fc.array(reading, { minLength: 1, maxLength: 6 }), async (readings) => {
        await forget();
        // Each is found by two syncs.
        for (const [n, each] of readings.entries()) {
          await sync(2 * n, each);
          await sync(2 * n + 1, each);
        }
        for (const [n, each] of readings.entries()) {
          for (const at of [minute(2 * n), minute(2 * n + 1), new Date(minute(2 * n + 2).getTime() - 1)])
            expect(said((await readPastEstate(database.db, id, at))?.estate)).toBe(said(each));
        }
        const newest = await newestSnapshot(database.db, id);
        expect(said(newest ?? undefined)).toBe(said(readings.at(-1)));
        expect(newest?.takenAt).toBe(isoMinute(2 * readings.length - 1));
      }),
      { numRuns: 25 },
    );
  });

  it('is unknown before the first sync, and for no connection', async () => {
    expect(await getPastEstate({ connectionId: id, at: new Date().toISOString() })).toBeNull();
    await sync(1, base);
    expect(await getPastEstate({ connectionId: id, at: isoMinute(0) })).toBeNull();
    expect(await getPastEstate({ connectionId: 'nowhere', at: new Date().toISOString() })).toBeNull();
  });

  it('includes the syncs around it', async () => {
    await sync(0, base);
    await sync(5, base);
    await sync(9, withRule({ targets: [] }));
    expect(await getPastEstate({ connectionId: id, at: isoMinute(7) })).toMatchObject({
      firstAt: isoMinute(0),
      lastAt: isoMinute(5),
      nextAt: isoMinute(9),
    });
    expect(await getPastEstate({ connectionId: id, at: new Date().toISOString() })).toMatchObject({
      firstAt: isoMinute(9),
      nextAt: null,
    });
  });
});

describe('a sync without changes', () => {
  it('stores only its time', async () => {
    await sync(0, base);
    await sync(1, { ...base, records: base.records.toReversed() });
    expect(await versions()).toMatchObject([{ firstAt: minute(0), lastAt: minute(1) }]);
    expect(await database.db.select().from(changeRows)).toEqual([]);
    expect((await newestEstate(database.db, id))?.takenAt).toBe(isoMinute(1));
  });

  it('may have another reason for a missing part, which is shown', async () => {
    const gone = (reason: string) => ({ ...base, gaps: [{ part: 'account', reason }] });
    await sync(0, gone('request 1'));
    await sync(1, gone('request 2'));
    expect(await versions()).toHaveLength(1);
    expect((await newestEstate(database.db, id))?.gaps).toEqual(gone('request 2').gaps);
  });
});

describe('the difference of two instants', () => {
  it('lists the changed fields, and the syncs before and after the change', async () => {
    await sync(0, base);
    await sync(1, base);
    await sync(3, withRule({ scheduler: 'LEAST_CONN' }));
    const changes = await listEstateChanges({
      connectionId: id,
      from: isoMinute(1),
      to: new Date().toISOString(),
    });
    expect(changes?.changes).toEqual([
      {
        name: `${rule.domain}${rule.url}`,
        place: expect.stringContaining('HTTP:80'),
        change: {
          kind: 'rules',
          key: rule.id,
          op: 'changed',
          fields: [{ field: 'scheduler', before: rule.scheduler, after: 'LEAST_CONN' }],
        },
        after: isoMinute(1),
        by: isoMinute(3),
        measured: false,
        who: { actors: [], trail: { state: 'notSearched' } },
      },
    ]);
    // The reverse order is the same query.
    expect(
      await listEstateChanges({ connectionId: id, from: new Date().toISOString(), to: isoMinute(1) }),
    ).toEqual(changes);
  });

  it('groups the changes of a sandbox reset, without those before or after', async () => {
    const other = (n: number): Estate => ({
      ...base,
      records: base.records.map((each) => (each.id === record.id ? { ...each, ttlS: 1000 + n } : each)),
    });
    const reset = { kind: 'reset', actor: 'citra' } as const;
    await sync(0, withRule({ scheduler: 'LEAST_CONN' }));
    await database.db.insert(sandboxResets).values({ ...reset, at: minute(1) });
    await sync(2, base);
    await sync(4, other(4));
    const changes = await listEstateChanges({ connectionId: id, from: isoMinute(0), to: isoMinute(5) });
    expect(changes?.resets).toMatchObject([
      { ...reset, at: isoMinute(1), total: 1, changes: [{ change: { kind: 'rules', key: rule.id } }] },
    ]);
    expect(changes?.changes).toMatchObject([{ change: { kind: 'records' } }]);
    expect(changes?.total).toBe(1);

    // A real account has no sandbox data.
    await database.db.update(connections).set({ kind: 'tencent' });
    const real = await listEstateChanges({ connectionId: id, from: isoMinute(0), to: isoMinute(5) });
    expect(real).toMatchObject({ resets: [], total: 2 });
    await database.db.delete(sandboxResets);
  });

  it('is empty if an object was deleted and restored', async () => {
    await sync(0, base);
    await sync(1, { ...base, rules: [] });
    await sync(2, base);
    expect(
      (await listEstateChanges({ connectionId: id, from: isoMinute(0), to: isoMinute(2) }))?.changes,
    ).toEqual([]);
    expect((await listEstateChanges({ connectionId: id, from: isoMinute(0), to: isoMinute(1) }))?.total).toBe(
      base.rules.length,
    );
  });

  it('begins at the start of the history', async () => {
    await sync(1, base);
    await sync(2, withRule({ targets: [] }));
    expect(
      await listEstateChanges({ connectionId: id, from: isoMinute(-60), to: isoMinute(2) }),
    ).toMatchObject({
      from: { firstAt: isoMinute(1) },
      changes: [{ change: { key: rule.id } }],
    });
    expect(
      await listEstateChanges({ connectionId: 'nowhere', from: isoMinute(0), to: isoMinute(2) }),
    ).toBeNull();
  });
});

describe('a part that could not be read for a while', () => {
  const away: Estate = { ...base, records: [], gaps: [{ part: `dnspod/${record.zone}`, reason: 'denied' }] };

  it('is unknown during that time, without deleted or created objects', async () => {
    await sync(0, base);
    await sync(1, away);
    await sync(2, base);
    expect((await readPastEstate(database.db, id, minute(1)))?.estate).toMatchObject({
      records: [],
      gaps: away.gaps,
    });
    expect(await listEstateChanges({ connectionId: id, from: isoMinute(0), to: isoMinute(1) })).toMatchObject(
      {
        changes: [],
        from: { unread: [] },
        to: { unread: away.gaps },
      },
    );
    expect(
      (await listEstateChanges({ connectionId: id, from: isoMinute(1), to: isoMinute(2) }))?.changes,
    ).toEqual([]);
  });

  it('has its changes between the last sync that could read it and the next one that can', async () => {
    const moved = { ...base, records: base.records.map((each) => ({ ...each, value: '203.0.113.99' })) };
    await sync(0, base);
    await sync(1, base);
    await sync(2, away);
    await sync(3, { ...away, rules: [] });
    await sync(4, moved);
    const found =
      (await listEstateChanges({ connectionId: id, from: isoMinute(3), to: isoMinute(4) }))?.changes ?? [];
    const ofRecord = found.find(({ change }) => change.key === String(record.id));
    expect(ofRecord).toMatchObject({
      after: isoMinute(1),
      by: isoMinute(4),
      change: { op: 'changed', fields: [{ field: 'value', before: record.value, after: '203.0.113.99' }] },
    });
    expect(found.find(({ change }) => change.key === rule.id)).toMatchObject({ after: isoMinute(3) });
  });
});

describe('the history', () => {
  /** Every record with other values. */
  const many = (n: number) => ({
    ...base,
    records: Array.from({ length: 50 }, (_, i) => ({
      ...record,
      id: RecordId.parse(i),
      value: `v${(i + n) % 9}`,
    })),
  });

  it('stores full snapshots periodically, and can be followed back across them', async () => {
    for (let n = 0; n < 20; n += 1) await sync(n, many(n));
    expect((await versions()).filter(({ keyframe }) => keyframe !== null).length).toBeGreaterThan(2);
    expect((await versions()).filter(({ keyframe }) => keyframe !== null).length).toBeLessThan(10);
    for (let n = 0; n < 20; n += 1)
      expect(said((await readPastEstate(database.db, id, minute(n)))?.estate)).toBe(said(many(n)));
  });

  it('is kept for the time of the setting, including the state at its beginning', async () => {
    for (let n = 0; n < 4; n += 1) await sync(n, many(n));
    await database.db.execute(
      sql`update estate_version set first_at = now() - interval '3 days', last_at = now() - interval '3 days'
        where number <= 2`,
    );
    await sync(5, many(5), 2);
    expect((await versions()).map(({ number }) => number)).toEqual([2, 3, 4, 5]);
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    expect(said((await readPastEstate(database.db, id, twoDaysAgo))?.estate)).toBe(said(many(1)));
  });

  it('does not report fields that only another build reads as changes', async () => {
    const more = { ...base, rules: base.rules.map((each) => ({ ...each, health: 'alive' })) };
    await sync(0, base);
    await sync(1, more);
    await sync(2, withRule({ targets: [] }));
    expect(
      (await listEstateChanges({ connectionId: id, from: isoMinute(0), to: isoMinute(1) }))?.changes,
    ).toEqual([]);
    expect(
      (await listEstateChanges({ connectionId: id, from: isoMinute(1), to: isoMinute(2) }))?.changes,
    ).toMatchObject([{ change: { key: rule.id, fields: [{ field: 'targets', added: [] }] } }]);
    expect(said((await readPastEstate(database.db, id, minute(0)))?.estate)).toBe(said(base));
    expect(said((await readPastEstate(database.db, id, minute(1)))?.estate)).toBe(said(more));
    expect((await versions()).filter(({ keyframe }) => keyframe !== null)).toHaveLength(2);
  });

  it('includes functions that were deployed between two syncs', async () => {
    await sync(0, base);
    const [fn] = base.functions as [Estate['functions'][number]];
    const added = { ...fn, name: 'sale-page' };
    await storeFunction(database.db, id, added, added, 30);
    expect(
      (await listEstateChanges({ connectionId: id, from: isoMinute(0), to: new Date().toISOString() }))
        ?.changes,
    ).toMatchObject([{ change: { kind: 'functions', op: 'added', object: { name: 'sale-page' } } }]);
    // The other parts were not read by this sync.
    expect((await newestEstate(database.db, id))?.takenAt).toBe(isoMinute(0));
  });

  it('stores concurrent snapshots sequentially', async () => {
    await Promise.all([0, 1, 2, 3, 4].map((n) => sync(n, many(n))));
    const all = await versions();
    expect(all.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(await database.db.select().from(estates)).toMatchObject([{ version: 5 }]);
  });
});

it('attributes the deployment of a function to Spillway, and no other change', async () => {
  const [deployed] = base.functions as [Estate['functions'][number]];
  const other = { ...deployed, name: 'other' };
  const change = (memoryMb: number) => ({
    ...base,
    functions: [
      { ...deployed, memoryMb },
      { ...other, memoryMb },
    ],
  });
  await sync(0, change(128));
  const { region, namespace, name } = deployed;
  await database.db.insert(deployments).values({
    id: 'dep-1',
    connectionId: id,
    spec: { region, namespace, name } as FunctionSpec,
    state: 'done',
    actor: 'sari',
    createdAt: minute(0.5),
  });
  await sync(1, change(256));
  const found = await listEstateChanges({ connectionId: id, from: isoMinute(0), to: isoMinute(1) });
  const whoOf = (wanted: string) => found?.changes.find((each) => each.name.includes(wanted))?.who.actors;
  expect(whoOf(name)).toEqual([
    { kind: 'function', id: 'dep-1', actor: 'sari', action: 'deploy', at: isoMinute(0.5) },
  ]);
  expect(whoOf('other')).toEqual([]);
  await database.db.delete(deployments);
});

describe('the bindings', () => {
  const list = (query: string) => listBindings({ connectionId: id, query });
  const listed = async (params: string) => {
    const view = await list(params);
    if (view === null) throw new Error('the connection was synced');
    return view;
  };
  const changedAt = async (ruleId: string) =>
    (await listed('')).rows.find((binding) => binding.id === ruleId)?.changedAt;

  it('show when each was last changed, ignoring measurements by the cloud', async () => {
    const sick = (health: 'alive' | 'dead') =>
      withRule({ targets: rule.targets.map((target) => ({ ...target, health })) });
    await sync(0, sick('alive'));
    expect(await changedAt(rule.id)).toBeNull();
    await sync(1, { ...sick('alive'), rules: sick('alive').rules.map((each) => ({ ...each, url: '/new' })) });
    await sync(2, { ...sick('dead'), rules: sick('dead').rules.map((each) => ({ ...each, url: '/new' })) });
    expect(await changedAt(rule.id)).toBe(isoMinute(1));
    expect((await listEstateChanges({ connectionId: id, from: isoMinute(1), to: isoMinute(2) }))?.total).toBe(
      1,
    );
  });

  it('are sent page by page, filtered and sorted, with the counts of all', async () => {
    await sync(0, base);
    const whole = await listed('order=desc');
    expect(whole).toMatchObject({ found: 2, total: 2 });
    const pages = await Promise.all([0, 1].map((at) => listed(`order=desc&limit=1&offset=${at}`)));
    expect(pages.map(({ rows }) => rows.length)).toEqual([1, 1]);
    expect(pages.flatMap(({ rows }) => rows)).toEqual(whole.rows);
    expect((await listed('')).rows).toEqual(whole.rows.toReversed());
    expect(await listed(`q=${rule.id}`)).toMatchObject({ rows: [{ id: rule.id }], found: 1, total: 2 });
  });

  it('are sorted by their last change over all pages', async () => {
    await sync(0, base);
    await sync(1, withRule({ url: '/new' }));
    const view = await listed('sort=changedAt&limit=1');
    expect(view.rows).toMatchObject([{ id: rule.id, changedAt: isoMinute(1) }]);
  });

  it.each([`q=${'x'.repeat(201)}`, 'limit=201', 'limit=0', 'offset=-1', 'offset=x'])(
    'refuse %s before reading anything',
    async (params) => {
      await expect(list(params)).rejects.toMatchObject({ status: 400 });
    },
  );

  it('are empty before the first sync', async () => {
    expect(await list('')).toBeNull();
    expect(await exportBindings({ connectionId: id, query: '' })).toBeNull();
  });

  it('are exported as CSV with the filters of the address and the time of the snapshot in the name', async () => {
    await sync(0, base);
    const file = await exportBindings({ connectionId: id, query: `q=${rule.domain}` });
    expect(file?.fileName).toMatch(/^bindings-here-\d{8}T\d{6}Z\.csv$/);
    expect(file?.text).toContain(`,${rule.domain},`);
    expect(file?.text.trim().split('\r\n').length).toBeLessThan(base.rules.length + 1);
  });
});
