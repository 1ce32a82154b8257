import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { failoverScript } from '@/lib/plan/failover-script/failover-script';
import { serverContext } from '@/lib/store/context';
import {
  hasty,
  type SwitchFixture,
  saleFunction,
  saleSwitch,
  servers,
  startSwitchFixture,
} from '@/testing/worker/test-switch-fixture';
import { exportSwitchScript } from './export-switch-script';

/*
 * The exported script as a standalone program, in an otherwise empty folder, against the sandbox's API, load balancers
 * and DNS. Spillway's own worker does not run.
 */

let fixture: SwitchFixture;
const folder = mkdtempSync(join(tmpdir(), 'spillway-script-'));

beforeAll(async () => {
  fixture = await startSwitchFixture('127.179.0.0/16');
  process.env.DATABASE_URL = fixture.database.url;
  // Verbs are called outside of requests.
  process.env.SPILLWAY_SIGN_IN = 'off';
});

afterAll(async () => {
  const { database, engine } = await serverContext();
  await engine.close();
  await database.close();
  await fixture.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await fixture.reset();
});

const switchSet = { state: 'disabled', policy: { ...hasty, failures: 2, of: 3, proof: 2 } } as const;

async function exported(change: Parameters<SwitchFixture['put']>[0] = {}): Promise<string> {
  const made = await exportSwitchScript(await fixture.put({ ...switchSet, ...change }));
  invariant(made.ok, `there is a script: ${JSON.stringify(made)}`);
  expect(made.value.fileName).toBe('failover-sale.example.com.mjs');
  const path = join(folder, made.value.fileName);
  writeFileSync(path, made.value.text);
  return path;
}

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

function run(path: string, options: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { endpoint, secretId, secretKey, dns, portOffset } = fixture.connection;
  const child = spawn(process.execPath, [path, ...options], {
    cwd: folder,
    env: {
      ...process.env,
      TENCENTCLOUD_SECRET_ID: secretId,
      TENCENTCLOUD_SECRET_KEY: secretKey,
      SPILLWAY_ENDPOINT: endpoint ?? '',
      SPILLWAY_RESOLVER: dns ?? '',
      SPILLWAY_PORT_OFFSET: String(portOffset),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise<Ended>((resolve) => {
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.out += chunk));
    child.stderr.on('data', (chunk: Buffer) => (said.err += chunk));
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

const effects = () => fixture.callControl('GET', '/effects') as Promise<Record<string, number>>;
const sale = (bodyContains: string) =>
  fixture.prober.probe({
    kind: 'http',
    host: 'sale.example.com',
    path: '/',
    scheme: 'http',
    port: 80,
    address: 'sale.example.com',
    expect: { status: 200, bodyContains },
  });

it('writes nothing while the servers respond', async () => {
  const before = await effects();
  const ended = await run(await exported(), ['--once']);
  expect(ended).toMatchObject({ code: 0, err: '' });
  expect(ended.out).toContain('healthy');
  expect(await effects()).toEqual(before);
});

it('moves the name once when the servers fail, and does nothing when run again', async () => {
  const path = await exported();
  await fixture.down(...servers);
  const dry = await run(path, ['--dry-run']);
  expect(dry).toMatchObject({ code: 0, err: '' });
  expect(dry.out).toContain('would call ModifyRecordStatus');
  expect((await sale('Hello CLB')).passed).toBe(false);

  const before = await effects();
  const moved = await run(path, []);
  expect(moved).toMatchObject({ code: 0, err: '' });
  expect(moved.out).toContain('sale.example.com is at function now');
  expect((await sale('Hello CLB')).failure).toBeNull();
  const after = await effects();
  expect(after).not.toEqual(before);

  const again = await run(path, []);
  expect(again).toMatchObject({ code: 0, err: '' });
  expect(again.out).toContain('already; nothing to do');
  // The servers are healthy again, but failover moves in one direction only.
  await fixture.callControl('DELETE', '/faults');
  expect(await run(path, ['--once'])).toMatchObject({ code: 0 });
  expect(await effects()).toEqual(after);
});

it('restores a TTL that was lowered for an earlier move, once old answers have expired', async () => {
  const estate = await fixture.cloud.readEstate(() => {});
  const [record] = estate.records.filter(({ subdomain, type }) => subdomain === 'sale' && type === 'A');
  invariant(record !== undefined, 'the seed has the name');
  const { zone, subdomain, line, lineId, type, value, ttlS: loweredS } = record;
  const set = { kind: 'recordSet', zone, subdomain, line, lineId } as const;
  const original = { set, record: { type, value }, loweredS, ttlS: 600, cachedS: 300 };
  const policy = switchSet.policy;
  const made = failoverScript({
    estate,
    diversion: saleSwitch,
    policy,
    originalTtls: [original],
    keepAliveS: 0,
    findings: [],
  });
  invariant(made.ok, 'there is a script');
  const path = join(folder, 'restore.mjs');
  writeFileSync(path, made.value);
  await fixture.down(...servers);
  const dry = await run(path, ['--dry-run']);
  expect(dry.out.match(/would call ModifyRecordFields/g)).toHaveLength(2);
  const moved = await run(path, []);
  expect(moved).toMatchObject({ code: 0, err: '' });
  expect(moved.out).toMatch(
    /is at function now[\s\S]*restoring the old TTL in[\s\S]*the old TTL is restored/,
  );
  const { records } = await fixture.cloud.readEstate(() => {});
  expect(records.filter((each) => each.subdomain === 'sale').map(({ ttlS }) => ttlS)).toEqual([600, 600]);
  expect((await sale('Hello CLB')).failure).toBeNull();
  expect((await run(path, [])).out).toContain('already; nothing to do');
});

it('detects the outcome of a call whose response is lost, and repeats nothing', async () => {
  const path = await exported();
  await fixture.down(...servers);
  for (const action of ['CreateRecord', 'ModifyRecordStatus'])
    await fixture.callControl('POST', '/faults', { kind: 'replyLost', action, count: 1 });
  await fixture.callControl('POST', '/faults', { kind: 'throttle', action: 'ModifyRecordStatus', count: 1 });
  const moved = await run(path, []);
  expect(moved).toMatchObject({ code: 0, err: '' });
  expect(moved.out).toContain('reading what became of it');
  expect((await sale('Hello CLB')).failure).toBeNull();
  const calls = Object.entries(await effects()).filter(([key]) => /Record/.test(key));
  expect(calls.map(([key, count]) => [key.split(' ')[0], count])).toEqual([
    ['CreateRecord', 1],
    ['ModifyRecordStatus', 1],
    ['ModifyRecordStatus', 1],
  ]);
});

it('does not move when the function also fails', async () => {
  const path = await exported();
  await fixture.down(...servers);
  await fixture.callControl('POST', '/faults', { kind: 'functionDown', function: saleFunction });
  const before = await effects();
  const ended = await run(path, ['--once']);
  expect(ended).toMatchObject({ code: 1, err: '' });
  expect(ended.out).toContain('function has not proved itself');
  expect(await effects()).toEqual(before);
});

it('does not move during the hold-down after the last change of the records', async () => {
  // Forward and back.
  await fixture.move('function');
  await fixture.move('cvm');
  const path = await exported({ policy: { ...switchSet.policy, holdDownS: 600 } });
  await fixture.down(...servers);
  const ended = await run(path, ['--once']);
  expect(ended).toMatchObject({ code: 1, err: '' });
  expect(ended.out).toContain('has moved too lately');
});

it('keeps records that were changed in the meantime', async () => {
  const path = await exported();
  const record = { Domain: 'example.com', SubDomain: 'sale', RecordType: 'A', RecordLine: '默认' };
  const receipt = await fixture.cloud.write({
    service: 'dnspod',
    action: 'CreateRecord',
    region: null,
    params: { ...record, Value: '127.179.9.9' },
  });
  await fixture.cloud.wait(receipt);
  await fixture.down(...servers);
  const before = await effects();
  const ended = await run(path, ['--once']);
  expect(ended.code).toBe(2);
  expect(ended.err).toContain('refused: the records of line 0 are not as they were');
  expect(await effects()).toEqual(before);
});

it.each([
  ['keys that are wrong', [], { TENCENTCLOUD_SECRET_KEY: 'wrong' }, 'AuthFailure.SignatureFailure'],
  ['no keys', [], { TENCENTCLOUD_SECRET_ID: '' }, 'set TENCENTCLOUD_SECRET_ID'],
  ['an option that it does not know', ['--onec'], {}, 'unknown option --onec'],
] as const)('exits immediately with %s', async (_, options, env, words) => {
  const ended = await run(await exported(), options, env);
  expect(ended.code).toBe(2);
  expect(ended.err).toContain(words);
});

it('reports that a deleted Switch has no script', async () => {
  expect(await exportSwitchScript('S-9999')).toMatchObject({
    ok: false,
    error: { form: { message: 'switch.gone' } },
  });
});
