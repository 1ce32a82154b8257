import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { GET } from '@/app/api/audit/export/route';
import { type AuditContent, writeAuditContent } from '@/lib/audit/audit-entry';
import { verifyChain } from '@/lib/audit/chain';
import type { Role } from '@/lib/policy/roles';
import { exportPlan } from '@/lib/server/plans/export-plan';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { appendAudit } from '@/lib/store/audit/append-audit';
import { testContext } from '@/testing/server/test-context';
import { testActor } from '@/testing/server/test-person';
import { exportAudit } from './export-audit';
import { listAudit } from './list-audit';

/* The page and the export of the audit log on a real database. */

const context = testContext();

const content: AuditContent = {
  format: 1,
  actor: 'sari@example.com',
  account: null,
  role: 'operator',
  via: 'session',
  credential: 's1',
  address: '192.0.2.7',
  request: 'r1',
  operation: 'plan.apply',
  outcome: 'done',
  begun: null,
  objects: [{ kind: 'plan', id: 'P-0001' }],
  plans: [],
  fields: ['planId'],
  facts: {},
  refusal: null,
  code: null,
  durationMs: 3,
};
const append = (change: Partial<AuditContent>) => appendAudit(context.db, { ...content, ...change });

const as = (role: Role): Caller => ({
  actor: testActor(`${role}@example.com`, role),
  credential: { via: 'session', id: role },
  requestId: 'r',
  address: '127.0.0.1',
  cookie: null,
  userAgent: null,
});

let begun: number;
beforeAll(async () => {
  begun = await append({ outcome: 'begun', durationMs: null });
  await append({ begun });
  // A verb whose process was killed.
  await append({ actor: 'budi@example.com', operation: 'run.command', outcome: 'begun', durationMs: null });
  await append({ actor: 'budi@example.com', outcome: 'refused', refusal: ['plan.gone'], objects: [] });
  for (let count = 0; count < 60; count += 1)
    await append({ operation: 'estate.sync', objects: [{ kind: 'connection', id: 'sandbox' }] });
});

const seqs = async (filter: Parameters<typeof listAudit>[0]) =>
  (await listAudit(filter)).entries.map(({ seq }) => seq);

describe('listAudit', () => {
  it('returns one entry for an operation that ended, and one for an operation that was interrupted', async () => {
    expect(await seqs({ object: 'P-0001' })).toEqual([begun + 2, begun + 1]);
    expect(await seqs({ outcome: 'begun' })).toEqual([begun + 2]);
  });

  it.each([
    [{ actor: 'budi@example.com' }, 2],
    [{ actor: 'nobody' }, 0],
    [{ operation: 'plan.apply', outcome: 'refused' }, 1],
    [{ object: 'sandbox' }, 50],
    [{ from: '2000-01-01', until: '2000-12-31' }, 0],
    [{ from: new Date().toISOString().slice(0, 10), outcome: 'begun' }, 1],
    // Invalid parameters of an address filter nothing.
    [{ outcome: 'unknown', from: 'yesterday', before: 'x', actor: ['a', 'b'] }, 50],
  ])('filters by %j', async (filter, count) => {
    const { entries } = await listAudit(filter as Parameters<typeof listAudit>[0]);
    expect(entries).toHaveLength(count);
  });

  it('returns pages, the newest entries first', async () => {
    const first = await listAudit({ object: 'sandbox' });
    expect(first.entries).toHaveLength(50);
    expect(first.entries[0]?.seq).toBe(first.head.seq);
    const second = await listAudit({ object: 'sandbox', before: first.next });
    expect(second.entries).toHaveLength(10);
    expect(second.next).toBeNull();
    expect(second.entries[0]?.seq).toBe((first.entries.at(-1)?.seq ?? 0) - 1);
    expect(first.actors).toEqual(['budi@example.com', 'sari@example.com']);
  });

  it('shows the stored text of an entry that is no entry', async () => {
    const other = { ...content, actor: 'someone', objects: [{ kind: 'plan', id: 'odd' }] };
    const odd = writeAuditContent(other).replace('"format":1', '"format":2');
    await context.db.execute(`insert into audit_entry (content) values ('${odd}')`);
    const [entry] = (await listAudit({ object: 'odd' })).entries;
    expect(entry).toMatchObject({ content: null, text: odd });
  });

  it('is for approvers and administrators, and does not record itself', async () => {
    const before = (await listAudit({})).head.seq;
    for (const role of ['approver', 'administrator'] as const)
      expect(await actAs(as(role), () => listAudit({}))).toMatchObject({ head: { seq: before } });
    for (const role of ['viewer', 'operator'] as const)
      await expect(actAs(as(role), () => listAudit({}))).rejects.toMatchObject({ status: 403 });
    expect((await listAudit({ actor: 'viewer@example.com' })).entries).toMatchObject([
      { content: { operation: 'audit.list', outcome: 'refused', refusal: ['role.notPermitted'] } },
    ]);
  });
});

describe('the export', () => {
  const download = async (query = '') => {
    const response = await GET(new Request(`http://localhost/api/audit/export${query}`), {
      params: Promise.resolve({}),
    });
    expect(response.headers.get('content-type')).toBe('application/jsonl');
    return (await response.text())
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  };

  it('has every entry up to its own, with which the chain can be verified elsewhere', async () => {
    const lines = await download();
    const verification = verifyChain();
    for (const { content: exported, ...entry } of lines)
      verification.add({ ...entry, content: JSON.stringify(exported) });
    const { seq, hash } = lines.at(-1);
    expect(verification.end({ seq, hash })).toMatchObject({ count: seq, faults: [] });
    // The export itself is recorded after them.
    expect((await listAudit({ operation: 'audit.export' })).entries[0]?.seq).toBeGreaterThan(seq);
  });

  it('has the filter of the page, also with the beginnings of operations', async () => {
    const lines = await download('?object=P-0001');
    expect(lines.map(({ seq }) => seq)).toEqual([begun, begun + 1, begun + 2]);
  });

  it('ends at its limit, with the number to continue after', async () => {
    const lines = await download('?max=5');
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toEqual({ next: 5 });
    expect((await download('?max=5&after=5'))[0]).toMatchObject({ seq: 6 });
    const { lines: stream } = await exportAudit({ max: 1500 });
    expect((await text(stream)).trim().split('\n').length).toBeLessThan(1500);
  });

  it('is for approvers and administrators', async () => {
    await expect(actAs(as('operator'), () => exportAudit({}))).rejects.toMatchObject({ status: 403 });
    // Other exports are for everybody who may read, and recorded with who they were.
    const { id } = await context.connect('test').then(() => context.plan());
    await actAs(as('viewer'), () => exportPlan({ planId: id, form: 'json' }));
    expect(
      (await listAudit({ actor: 'viewer@example.com', operation: 'plan.export' })).entries,
    ).toMatchObject([{ content: { outcome: 'done', address: '127.0.0.1', credential: 'viewer' } }]);
  });
});
