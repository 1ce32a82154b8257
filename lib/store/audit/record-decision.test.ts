import { desc } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { auditEntries } from '@/lib/db/schema';
import { fileDatabase } from '@/testing/db/test-file-database';
import { appendDecision, recordDecision, type WorkerDecision } from './record-decision';

const database = fileDatabase();
const decision: WorkerDecision = {
  operation: 'run.missT0',
  actor: 'spillway',
  objects: [{ kind: 'run', id: 'R-0001' }],
  facts: { lateMs: 12_000 },
};

it('appends what a worker decided, with its name', async () => {
  process.env.SPILLWAY_WORKER_NAME = 'worker-1';
  await appendDecision(database.db, { ...decision, refusal: ['plan.blocked'] });
  delete process.env.SPILLWAY_WORKER_NAME;
  const [entry] = await database.db.select().from(auditEntries).orderBy(desc(auditEntries.seq));
  expect(JSON.parse(entry?.content ?? '')).toMatchObject({
    actor: 'spillway',
    via: 'worker',
    credential: 'worker-1',
    operation: 'run.missT0',
    outcome: 'refused',
    refusal: ['plan.blocked'],
    facts: { lateMs: 12_000 },
  });
});

it('does not stop a worker whose entry can’t be stored, and logs that', async () => {
  const lines: object[] = [];
  const log = { warn: (fields: object) => void lines.push(fields) };
  await database.db.execute('alter table audit_head rename to gone');
  await recordDecision(database.db, log, decision);
  await database.db.execute('alter table gone rename to audit_head');
  expect(lines).toMatchObject([{ operation: 'run.missT0', err: expect.any(Error) }]);
});
