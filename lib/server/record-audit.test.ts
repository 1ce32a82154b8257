import { Writable } from 'node:stream';
import { asc } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditContent } from '@/lib/audit/audit-entry';
import { entryHash, verifyChain } from '@/lib/audit/chain';
import { openDatabase } from '@/lib/db/database';
import { auditEntries, auditHeads } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { createLog } from '@/lib/log/log';
import { parseSettings } from '@/lib/settings';
import { appendAudit } from '@/lib/store/audit/append-audit';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { testActor } from '@/testing/server/test-person';
import { createFeed } from './calendar/change-feeds';
import { createPlan } from './plans/create-plan';
import { exportPlan } from './plans/export-plan';
import { getPlan } from './plans/get-plan';
import { recordAudit } from './record-audit';
import { actAs, anonymousIdentity, type Caller } from './request-actor';
import { applyPlan } from './runs/apply-plan';

const context = testContext((given) => given.connect('test', 'sandbox', testEstate()));

let lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines = [];
  const to = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const settings = parseSettings(process.env);
  invariant(settings.ok, 'the settings of the tests are valid');
  Object.assign(globalThis, {
    spillwayWebProcess: { settings: settings.value, log: createLog('web', 'info', { to }) },
  });
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'spillwayWebProcess');
});

const sari: Caller = {
  actor: testActor('sari@example.com', 'operator'),
  credential: { via: 'session', id: 's1' },
  requestId: 'r1',
  address: '192.0.2.7',
  cookie: 'spillway.session_token=secret',
  userAgent: 'test',
};
const operation = {
  identity: sari,
  scope: { plan: 'P-1' },
  fields: ['planId'],
  facts: {},
  begun: null,
  durationMs: 7,
} as const;

const readEntries = () => context.db.select().from(auditEntries).orderBy(asc(auditEntries.seq));
const readLast = async (count: number) =>
  (await readEntries()).slice(-count).map(({ content }) => AuditContent.parse(JSON.parse(content)));

describe('the log', () => {
  it('has a line for each verb that ended, with actor, objects and outcome', async () => {
    await recordAudit({ ...operation, operation: 'plan.apply', outcome: { kind: 'begun' } });
    await recordAudit({ ...operation, operation: 'plan.apply', outcome: { kind: 'done', value: null } });
    expect(lines).toMatchObject([
      {
        msg: 'audit',
        actor: 'sari@example.com',
        operation: 'plan.apply',
        scope: { plan: 'P-1' },
        outcome: 'done',
        durationMs: 7,
      },
    ]);
  });

  it('has no line for a successful query, because pages read every few seconds', async () => {
    await recordAudit({ ...operation, operation: 'plan.get', outcome: { kind: 'done', value: null } });
    expect(lines).toEqual([]);
  });

  it('names the rule or the fields of a refusal, without the input', async () => {
    const form = { message: 'emergencyStop.stopped', values: { reason: 'entered text' } };
    for (const refusal of [
      { fields: {}, form },
      { fields: { name: ['approval.twice'] }, form: null },
    ])
      await recordAudit({ ...operation, operation: 'plan.get', outcome: { kind: 'refused', refusal } });
    expect(lines).toMatchObject([{ refusal: ['emergencyStop.stopped'] }, { refusal: ['name'] }]);
    expect(JSON.stringify(lines)).not.toContain('entered text');
  });

  it('has the cause of a failure under the code that the browser gets', async () => {
    const outcome = { kind: 'failed', error: new Error('away'), code: 'c0de' } as const;
    await recordAudit({ ...operation, operation: 'plan.get', outcome });
    expect(lines).toMatchObject([{ level: 50, outcome: 'failed', code: 'c0de', err: { message: 'away' } }]);
  });

  it('truncates ids, which are input', async () => {
    const scope = { connections: Array.from({ length: 500 }, () => 'x'.repeat(1_000_000)) };
    const outcome = { kind: 'done', value: null } as const;
    await recordAudit({ ...operation, operation: 'plan.create', scope, outcome });
    expect(JSON.stringify(lines).length).toBeLessThan(3000);
  });
});

describe('the audit log', () => {
  it('has a verb before it runs and when it ends, with caller, objects and plan hashes', async () => {
    const { id, hash } = await context.plan();
    const [begun, done] = (await readEntries()).slice(-2);
    expect(JSON.parse(done?.content ?? '')).toMatchObject({
      actor: 'local',
      role: 'administrator',
      via: 'local',
      operation: 'plan.create',
      outcome: 'done',
      begun: begun?.seq,
      objects: [
        { kind: 'connection', id: 'test' },
        { kind: 'plan', id },
      ],
      plans: [{ id, hash }],
    });
    const applied = await actAs(sari, () => applyPlan({ planId: id, hash, typedDomain: null }));
    invariant(applied.ok, 'the plan is applied');
    expect(await readLast(2)).toMatchObject([
      { operation: 'plan.apply', outcome: 'begun', address: '192.0.2.7', request: 'r1', plans: [{ hash }] },
      {
        outcome: 'done',
        objects: [
          { kind: 'plan', id },
          { kind: 'run', id: applied.value.runId },
        ],
        plans: [{ id, hash }],
      },
    ]);
  });

  it('has refusals, and exports, but no other query', async () => {
    const { id, hash } = await context.plan();
    const before = (await readEntries()).length;
    await getPlan(id);
    expect(await readEntries()).toHaveLength(before);
    await exportPlan({ planId: id, form: 'json' });
    expect(await readLast(1)).toMatchObject([
      { operation: 'plan.export', outcome: 'done', plans: [{ id, hash }] },
    ]);
    const refusal = { fields: {}, form: { message: 'session.missing' } };
    const refused = { kind: 'refused', refusal } as const;
    await recordAudit({ ...operation, identity: anonymousIdentity, operation: 'plan.get', outcome: refused });
    expect(await readLast(1)).toMatchObject([{ operation: 'plan.export' }]);
    await applyPlan({ planId: id, hash: `${hash}0`, typedDomain: null });
    expect(await readLast(1)).toMatchObject([{ outcome: 'refused', refusal: ['plan.otherHash'] }]);
  });

  it('is one chain, also of verbs at the same time and of two processes', async () => {
    const other = openDatabase(context.url, () => {});
    const [sample] = await readLast(1);
    invariant(sample !== undefined, 'an earlier test has recorded something');
    const appended = await Promise.all(
      Array.from({ length: 300 }, (_, place) =>
        appendAudit(place % 3 === 0 ? other.db : context.db, { ...sample, facts: { place } }),
      ),
    );
    await other.close();
    expect(new Set(appended).size).toBe(300);
    const entries = await readEntries();
    const verification = verifyChain();
    for (const entry of entries) {
      verification.add({ ...entry, at: entry.at.toISOString() });
      // The database and `entryHash` compute the same.
      expect(entryHash({ ...entry, at: entry.at.toISOString() })).toBe(entry.hash);
    }
    const [head] = await context.db.select().from(auditHeads);
    invariant(head !== undefined, 'the log has a head');
    expect(verification.end(head).faults).toEqual([]);
  });

  it('contains no secret of a verb’s input or result', async () => {
    const made = await createFeed({ name: 'Phone' });
    invariant(made.ok, 'the feed is created');
    await createPlan({ connectionId: 'test', diversion: testSplit({ expectedBody: 'entered text' }) });
    const stored = (await readEntries()).map(({ content }) => content).join('\n');
    expect(stored).toContain('calendarFeed.create');
    for (const secret of [made.value.token, 'entered text', sari.cookie ?? ''])
      expect(stored).not.toContain(secret);
  });

  it('keeps what strangers can add within a limit, and says how much it left out', async () => {
    const outcome = {
      kind: 'refused',
      refusal: { fields: {}, form: { message: 'session.wrong' } },
    } as const;
    const attempt = { ...operation, identity: anonymousIdentity, operation: 'session.signIn' } as const;
    const before = (await readEntries()).length;
    for (let count = 0; count < 100; count += 1) await recordAudit({ ...attempt, outcome });
    expect((await readEntries()).length - before).toBe(60);
    // A sign-in is recorded in any case.
    await recordAudit({ ...attempt, outcome: { kind: 'done', value: null } });
    expect(await readLast(1)).toMatchObject([{ outcome: 'done', facts: { omitted: 40 } }]);
  });

  it('refuses to change, remove or forge entries, to its owner, too', async () => {
    const { db } = context;
    for (const statement of [
      `update audit_entry set content = '{}'`,
      'delete from audit_entry',
      'truncate audit_entry',
      'delete from audit_head',
    ])
      await expect(db.execute(statement), statement).rejects.toThrow();
    // Numbers and hashes that someone inserts are replaced.
    const [sample] = await readLast(1);
    await db.execute(
      `insert into audit_entry (seq, at, previous_hash, hash, content) values (1, '2000-01-01', 'x', 'x', '${JSON.stringify(sample)}')`,
    );
    const last = (await readEntries()).at(-1);
    expect(last?.hash).toBe(last && entryHash({ ...last, at: last.at.toISOString() }));
  });
});

describe('without a database', () => {
  it('a verb does not begin, and what can’t be stored afterwards is in the log', async () => {
    Object.assign(globalThis, { spillwayContext: Promise.reject(new Error('away')) });
    try {
      const apply = { ...operation, operation: 'plan.apply' } as const;
      await expect(recordAudit({ ...apply, outcome: { kind: 'begun' } })).rejects.toThrow('away');
      const exported = { ...operation, operation: 'plan.export' } as const;
      await expect(recordAudit({ ...exported, outcome: { kind: 'done', value: null } })).rejects.toThrow();
      const signedIn = { ...operation, identity: anonymousIdentity, operation: 'session.signIn' } as const;
      await expect(recordAudit({ ...signedIn, outcome: { kind: 'done', value: null } })).rejects.toThrow();
      lines = [];
      expect(await recordAudit({ ...apply, begun: 7, outcome: { kind: 'done', value: null } })).toBeNull();
      expect(lines).toMatchObject([
        { outcome: 'done' },
        { level: 50, operation: 'plan.apply', begun: 7, msg: 'an audit entry could not be stored' },
      ]);
    } finally {
      Reflect.deleteProperty(globalThis, 'spillwayContext');
    }
  });
});
