import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connections, sandboxResets } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { RecentLog } from '@/lib/sandbox/control/recent-log';
import { startTestCloud, type TestCloud } from '@/testing/sandbox/test-cloud';
import { testContext } from '@/testing/server/test-context';
import { commandSandbox } from './command-sandbox';
import { exportSandboxData } from './export-sandbox-data';
import { getSandbox } from './get-sandbox';
import { importSandboxData } from './import-sandbox-data';

/* The sandbox's page against a real control API, database and engine's client; no worker processes the syncs. */

const place = { LoadBalancerId: 'lb-scf00001', ListenerId: 'lbl-scf00001' };
const folder = mkdtempSync(join(tmpdir(), 'spillway-control-'));
const controlFile = join(folder, 'control.json');
// Read when the context is opened.
process.env.SPILLWAY_SANDBOX_CONTROL = controlFile;
const shown = { name: 'small', portOffset: 0, isolation: null } as const;
// The context creates the engine's tables.
const database = testContext(({ db }) =>
  db.insert(connections).values([
    { id: 'here', kind: 'sandbox', ...shown, available: true },
    { id: 'gone', kind: 'sandbox', ...shown, available: false },
    { id: 'real', kind: 'tencent', ...shown, available: true },
  ]),
);
let cloud: TestCloud;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  const recentLog = new RecentLog();
  cloud = await startTestCloud({ vipNetwork: '127.107.0.0/16', recentLog, log: pino({}, recentLog) });
  writeFileSync(controlFile, JSON.stringify(cloud.plane.control));
  await database.db.execute(sql`delete from dbos.workflow_status`);
  await database.db.delete(sandboxResets);
});
afterEach(() => cloud.plane.stop());

const syncs = async () => {
  const { rows } = await database.db.execute<{ name: string }>(sql`select name from dbos.workflow_status`);
  return rows.map(({ name }) => name);
};
async function read() {
  const answer = await getSandbox();
  invariant(answer.ok, 'the control API answers');
  return answer.value;
}
const done = { ok: true, value: null };
const refusedWith = (reason: string) => ({
  ok: false,
  error: { fields: {}, form: { message: 'sandbox.refused', values: { reason } } },
});
const createRule = (domain: string) =>
  cloud.clients().clb.CreateRule({ ...place, Rules: [{ Domain: domain, Url: '/' }] });

describe('getSandbox', () => {
  it('returns the sandbox data, the clock, faults with their hits, effects, and the log', async () => {
    const order = { kind: 'changesNothing', action: 'CreateRule', count: 1 };
    expect(await commandSandbox({ kind: 'addFault', order })).toEqual(done);
    const { RequestId: requestId = '' } = await createRule('lost.example.com');
    const minute = { kind: 'clock', order: { mode: 'virtual', advanceMs: 60_000 } } as const;
    expect(await commandSandbox(minute)).toEqual(done);
    await createRule('kept.example.com');
    expect(await commandSandbox(minute)).toEqual(done);
    const view = await read();
    expect(view).toMatchObject({ seed: 'small', clock: { mode: 'virtual', rate: 0 }, taskMs: 1000 });
    expect(view.counts).toMatchObject({ accounts: 2, instances: 3 });
    expect(view.faults).toMatchObject([
      { remaining: 0, hits: 1, lastHits: [{ action: 'CreateRule', requestId }], spec: order },
    ]);
    expect(view.effects).toMatchObject([{ action: 'CreateRule', count: 1 }]);
    expect(view.effects[0]?.object).toContain('kept.example.com');
    expect(view.log).toContainEqual({
      number: expect.any(Number),
      level: 'info',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      text: 'fault: changesNothing, fault-1',
      action: 'CreateRule',
      requestId,
      code: null,
    });
    expect(view.assumptions.length).toBeGreaterThan(0);
  });

  it('reports that there is no sandbox without a control file', async () => {
    const none = { ok: false, error: { form: { message: 'sandbox.none' } } };
    writeFileSync(controlFile, 'null');
    expect(await getSandbox()).toMatchObject(none);
    rmSync(controlFile);
    expect(await getSandbox()).toMatchObject(none);
  });

  it('reports why the control API does not respond', async () => {
    const gone = await startTestCloud();
    writeFileSync(controlFile, JSON.stringify(gone.plane.control));
    await gone.plane.stop();
    const away = {
      ok: false,
      error: {
        form: {
          message: 'sandbox.away',
          values: { reason: expect.stringContaining('ECONNREFUSED') },
        },
      },
    };
    expect(await getSandbox()).toMatchObject(away);
    expect(await exportSandboxData()).toMatchObject(away);
    expect(await commandSandbox({ kind: 'reset' })).toMatchObject(away);
    expect(await syncs()).toEqual([]);
  });
});

describe('a sandbox that hangs', () => {
  it('times out within seconds, and its page reports that', async () => {
    const hanging = createServer(() => {});
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const address = hanging.address();
    invariant(address !== null && typeof address === 'object', 'it listens');
    writeFileSync(controlFile, JSON.stringify({ url: `http://127.0.0.1:${address.port}`, token: 'x' }));
    // The virtual clock advances at once, up to five seconds.
    const timeout = vi
      .spyOn(AbortSignal, 'timeout')
      .mockImplementation((ms) =>
        ms <= 5000 ? AbortSignal.abort(new Error('too late')) : new AbortController().signal,
      );
    try {
      expect(await getSandbox()).toMatchObject({
        ok: false,
        error: { form: { message: 'sandbox.away', values: { reason: 'too late' } } },
      });
    } finally {
      timeout.mockRestore();
      hanging.closeAllConnections();
      hanging.close();
    }
  });
});

describe('commandSandbox', () => {
  it.each([
    [null, 'input'],
    [7, 'input'],
    [{}, 'kind'],
    [{ kind: 'explode' }, 'kind'],
    [{ kind: 'taskTime', ms: 'long' }, 'ms'],
    [{ kind: 'assume', values: { 'binding.R1': true } }, 'values.binding.R1'],
  ])('reports the invalid field of %j', async (input, field) => {
    expect(await commandSandbox(input as never)).toMatchObject({
      ok: false,
      error: { form: null, fields: { [field]: [expect.any(String)] } },
    });
  });

  it.each([
    [
      { kind: 'addFault', order: { kind: 'instanceDown', instanceId: 'ins-none' } },
      'instanceId: there is no instance ins-none',
    ],
    [{ kind: 'clearFault', id: 'fault-9' }, 'There is no fault fault-9.'],
  ] as const)('passes on the message of the control API for %j', async (command, reason) => {
    expect(await commandSandbox(command)).toEqual(refusedWith(reason));
  });

  it.each([
    [{ kind: 'addFault', order: { kind: 'throttle', action: 'CreateRules' } }, /^action: must be an action/],
    [{ kind: 'addFault', order: { kind: 'throttle', action: '*', count: 0 } }, /^count: /],
    [{ kind: 'taskTime', ms: -1 }, /^ms: /],
    [{ kind: 'clock', order: { mode: 'virtual', rate: -1 } }, /^rate: /],
    [{ kind: 'seed', name: 'none' }, /^name: .*"small"/],
    [{ kind: 'assume', values: { 'no.such': 1 } }, /no\.such/],
  ] as const)('refuses %j and changes nothing', async (command, words) => {
    const before = await exportSandboxData();
    expect(await commandSandbox(command)).toEqual(refusedWith(expect.stringMatching(words)));
    expect(await exportSandboxData()).toEqual(before);
    expect(await syncs()).toEqual([]);
  });

  it('sets task time and an assumption, and clears one fault or all', async () => {
    expect(await commandSandbox({ kind: 'taskTime', ms: 5 })).toEqual(done);
    const [row] = (await read()).assumptions.filter(({ choices = [] }) => choices.length > 1);
    invariant(row?.choices !== undefined, 'something is assumed that can be chosen');
    const other = row.choices.find((choice) => choice !== row.current) ?? '';
    expect(await commandSandbox({ kind: 'assume', values: { [row.name]: other } })).toEqual(done);
    for (const kind of ['throttle', 'http502', 'replyLost']) {
      expect(await commandSandbox({ kind: 'addFault', order: { kind, action: '*' } })).toEqual(done);
    }
    expect(await commandSandbox({ kind: 'clearFault', id: 'fault-2' })).toEqual(done);
    const view = await read();
    expect(view.taskMs).toBe(5);
    expect(view.assumptions).toContainEqual({ ...row, current: other });
    expect(view.faults.map(({ id }) => id)).toEqual(['fault-1', 'fault-3']);
    expect(await commandSandbox({ kind: 'clearAllFaults' })).toEqual(done);
    expect((await read()).faults).toEqual([]);
    expect(await syncs()).toEqual([]);
  });

  it.each([
    [{ kind: 'reset' }, 'small'],
    [{ kind: 'seed', name: 'flash-sale' }, 'flash-sale'],
  ] as const)('stores %j with its actor, and requests syncs of the sandbox', async (command, seed) => {
    const before = new Date();
    await createRule('a.example.com');
    expect(await commandSandbox(command)).toEqual(done);
    expect(await read()).toMatchObject({ seed, effects: [] });
    // Only for the account with keys, never for a real one.
    expect(await syncs()).toEqual(['sync']);
    const [reset] = await database.db.select().from(sandboxResets);
    expect(reset).toMatchObject({ kind: command.kind, actor: expect.stringMatching(/./) });
    expect(reset?.at.getTime()).toBeGreaterThanOrEqual(before.getTime());
  });
});

describe('importSandboxData', () => {
  it('accepts exported data unchanged', async () => {
    await createRule('kept.example.com');
    await commandSandbox({ kind: 'clock', order: { mode: 'virtual', advanceMs: 60_000 } });
    const kept = await exportSandboxData();
    invariant(kept.ok, 'the world is exported');
    expect(kept.value.fileName).toBe('sandbox-small.json');
    await createRule('later.example.com');
    expect(await importSandboxData(kept.value.json)).toEqual(done);
    expect(await exportSandboxData()).toEqual(kept);
    expect(await syncs()).toEqual(['sync']);
    expect(await database.db.select().from(sandboxResets)).toMatchObject([{ kind: 'import' }]);
  });

  it('resets imported data to its original seed', async () => {
    const kept = await exportSandboxData();
    invariant(kept.ok, 'the world is exported');
    await commandSandbox({ kind: 'seed', name: 'flash-sale' });
    await importSandboxData(kept.value.json);
    expect(await commandSandbox({ kind: 'reset' })).toEqual(done);
    expect(await read()).toMatchObject({ seed: 'small' });
  });

  it.each([
    ['{', refusedWith(expect.stringMatching(/^The sandbox data is rejected: /))],
    ['{"format":1}', refusedWith(expect.stringMatching(/^The sandbox data is rejected: /))],
    ['['.repeat(3_000_000), { error: { form: { message: 'sandbox.import.tooDeep', values: { max: 32 } } } }],
  ])('refuses invalid sandbox data and changes nothing: %.20s', async (text, refusal) => {
    const before = await exportSandboxData();
    expect(await importSandboxData(text)).toMatchObject(refusal);
    expect(await exportSandboxData()).toEqual(before);
    expect(await syncs()).toEqual([]);
  });
});
