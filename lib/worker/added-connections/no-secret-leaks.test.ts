import { Writable } from 'node:stream';
import { sql } from 'drizzle-orm';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { CloudError } from '@/lib/cloud/errors';
import { connections, runAttempts, runs } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { createLog } from '@/lib/log/log';
import { RunId } from '@/lib/run/model/run-id';
import { exportAudit } from '@/lib/server/audit/export-audit';
import {
  addConnection,
  changeConnection,
  removeConnection,
  rotateConnectionKeys,
  testConnection,
} from '@/lib/server/connections/change-connections';
import { listConnectionSettings } from '@/lib/server/connections/list-connection-settings';
import { listConnections } from '@/lib/server/connections/list-connections';
import { getRunRecord } from '@/lib/server/runs/get-run-record';
import { syncEstate } from '@/lib/worker/sync/sync-estate';
import { startTestCloud } from '@/testing/sandbox/test-cloud';
import { testContext } from '@/testing/server/test-context';
import { startConnectionWorker } from '@/testing/worker/connection-worker';

/*
 * The whole life of a connection, after which everything that Spillway stores, answers, exports and logs is searched for
 * its keys, including the temporary ones of its role.
 */

const context = testContext();
const cloud = await startTestCloud({ seed: 'flash-sale', vipNetwork: '127.111.0.0/16' });
afterAll(() => cloud.plane.stop());
beforeEach(async () => {
  await context.clear();
  await context.db.delete(connections);
});

/** Everything that the worker logs, at the level `debug`. */
const logged: string[] = [];
/** Everything that verbs and queries answer. */
const answered: string[] = [];
async function answer<T>(value: Promise<T>): Promise<T> {
  const known = await value;
  answered.push(JSON.stringify(known));
  return known;
}

function startWorker() {
  const secrets = new Set<string>();
  const to = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const log = createLog('worker', 'debug', { secrets, to });
  const worker = startConnectionWorker({
    db: context.db,
    cloud,
    vipNetwork: '127.111.0.0/16',
    log,
    sleep: async () => {},
    hide: (values) => {
      for (const value of values) secrets.add(value);
    },
  });
  return {
    registry: worker.registry,
    secrets,
    log,
    async round() {
      await worker.round();
      await worker.tests();
    },
  };
}

/** Returns every row of every table, of the engine's, too. */
async function dumpDatabase(): Promise<string> {
  const { rows: tables } = await context.db.execute<{ schema: string; name: string }>(
    sql`select table_schema as schema, table_name as name from information_schema.tables
        where table_schema in ('public', 'dbos', 'drizzle') and table_type = 'BASE TABLE'`,
  );
  const dumps = await Promise.all(
    tables.map(({ schema, name }) =>
      context.db.execute(
        sql`select row_to_json(t)::text as row from ${sql.identifier(schema)}.${sql.identifier(name)} as t`,
      ),
    ),
  );
  return JSON.stringify(dumps.map(({ rows }) => rows));
}

it('is in no log, answer, journal, audit entry, export or table', async () => {
  const worker = startWorker();
  const reviewer = cloud.keys('niaga', 'reviewer');
  const operator = cloud.keys('niaga', 'operator');
  const wrong = { secretId: 'AKIDneverissued', secretKey: 'never-issued-key' };
  const role = {
    arn: 'qcs::cam::uin/100028471935:roleName/traffic',
    writeArn: null,
    session: 'spillway',
    externalId: 'spillway',
    durationS: 900,
  };
  const regions = ['ap-singapore'];
  const added = await answer(
    addConnection({
      name: 'Live',
      kind: 'sandbox',
      site: 'mainland',
      regions,
      read: reviewer,
      writes: 'own',
      write: operator,
      role,
    }),
  );
  invariant(added.ok, 'it is added');
  const { id } = added.value;
  await worker.round();
  await answer(listConnectionSettings());
  expect((await answer(listConnections())).map((each) => each.id)).toContain(id);
  // The keys that are in use are those of the role.
  const issued = [...worker.secrets].filter((each) => each.startsWith('AKIDtmp'));
  expect(issued.length).toBeGreaterThan(0);

  const sync = () =>
    syncEstate(
      {
        db: context.db,
        cloudOf: worker.registry.getCloud,
        historyDays: 30,
        onError: (err) => worker.log.error({ err }, 'a sync met an error of our own'),
      },
      id,
    );
  await sync();
  // A run that fails, with what the cloud has answered.
  const failure = await worker.registry
    .getCloud(id)
    .write({
      service: 'clb',
      action: 'ModifyTargetWeight',
      region: 'ap-singapore',
      params: { LoadBalancerId: 'lb-none', ListenerId: 'lbl-none', Targets: [] },
    })
    .catch((error: unknown) => error);
  invariant(failure instanceof CloudError, 'the cloud refuses it');
  await context.connect(id);
  const { id: planId } = await context.plan(undefined, id);
  const [run] = await context.db.insert(runs).values({ planId, createdBy: 'sari' }).returning();
  const runId = RunId.parse(run?.id);
  await context.db.insert(runAttempts).values({ runId, attempt: 1, direction: 'apply', actor: 'sari' });
  const at = new Date().toISOString();
  const reason = { kind: 'cloudError', error: failure.data, settled: true } as const;
  await context.write(
    runId,
    { type: 'started', actor: 'sari', attempt: 1, at, direction: 'apply' },
    { type: 'stopped', stepId: null, reason, at, direction: 'apply' },
  );
  await answer(getRunRecord(runId));
  await answer(removeConnection({ id }));

  await answer(rotateConnectionKeys({ id, read: wrong, writes: 'own', write: wrong }));
  await worker.round();
  await answer(listConnectionSettings());
  await answer(rotateConnectionKeys({ id, read: operator, writes: 'same', write: null }));
  await answer(changeConnection({ id, name: 'Live', regions, role: null }));
  await answer(testConnection({ id }));
  await worker.round();
  await answer(listConnectionSettings());
  await context.db.delete(runAttempts);
  await context.db.execute(sql`delete from run_event`);
  await context.db.delete(runs);
  expect(await answer(removeConnection({ id }))).toMatchObject({ ok: true });
  await worker.round();
  // Input that doesn't parse is answered with the names of its fields.
  const bad = { kind: 'sandbox', site: 'mainland', regions, writes: 'none', write: null } as const;
  const read = { ...reviewer, more: operator.secretKey };
  await answer(addConnection({ ...bad, name: '', read }));

  const keys = [reviewer, operator, wrong].flatMap(({ secretId, secretKey }) => [secretId, secretKey]);
  const temporary = [...worker.secrets].filter((value) => !keys.includes(value));
  // SecretId, SecretKey and token of at least two keys of the role.
  expect(temporary.length).toBeGreaterThanOrEqual(6);
  const all = [...keys, ...temporary];
  const places = {
    database: await dumpDatabase(),
    log: logged.join(''),
    answers: answered.join('\n'),
    audit: await readExport(),
  };
  expect(places.log).toContain('cloud call answered');
  expect(places.database).toContain('connection.rotateKeys');
  expect(places.audit).toContain('connection.rotateKeys');
  for (const [place, text] of Object.entries(places))
    expect([place, all.filter((secret) => text.includes(secret)).length]).toEqual([place, 0]);
});

/** Returns the audit log as it is downloaded. */
async function readExport(): Promise<string> {
  const { lines } = await exportAudit({});
  const texts: string[] = [];
  for await (const line of lines) texts.push(String(line));
  return texts.join('');
}
