import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  catchCode,
  clientConfig,
  createTestClients,
  startTestCloud,
  type TestCloud,
} from '@/testing/sandbox/test-cloud';
import type { ControlPlaneOptions } from '../control-plane';
import { seedNamed } from '../seeds/seeds';
import { type AccessKey, SecretStore, secretsFile } from './secret-store';

const vipNetwork = '127.108.0.0/16';
let folder: string;
let stateFile: string;
const clouds: TestCloud[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-secrets-'));
  stateFile = join(folder, 'world.json');
});
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.plane.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function start(given: Partial<ControlPlaneOptions> = {}): Promise<TestCloud> {
  const cloud = await startTestCloud({ vipNetwork, stateFile: null, ...given });
  clouds.push(cloud);
  return cloud;
}
async function stop(cloud: TestCloud): Promise<void> {
  clouds.splice(clouds.indexOf(cloud), 1);
  await cloud.plane.stop();
}

/** Returns the owner of a key according to the API, or the code of its refusal. */
async function readOwner(cloud: TestCloud, key: AccessKey): Promise<string> {
  const { sts } = createTestClients(clientConfig(cloud.plane.api, key, 'ap-singapore'));
  const code = await catchCode(sts.GetCallerIdentity(null)).catch(() => '');
  return code === '' ? ((await sts.GetCallerIdentity(null)).UserId ?? '') : code;
}
const exported = async (cloud: TestCloud) => (await cloud.control('GET', '/data')).text();
const imported = (cloud: TestCloud, text: string) =>
  cloud.control('PUT', '/data', JSON.parse(text)).then(({ status }) => status);

/** Returns every secret of a sandbox with the seed `small`. */
function listSecrets(cloud: TestCloud): string[] {
  const keys = [
    cloud.keys('small-standard'),
    cloud.keys('small-standard', 'reader'),
    cloud.keys('small-legacy'),
  ];
  return keys.flatMap(({ secretId, secretKey }) => [secretId, secretKey]);
}

test('generates keys for every account and user in each data folder, valid in no other one', async () => {
  const [one, other] = [await start({ stateFile }), await start({ stateFile: join(folder, 'other.json') })];
  expect(new Set([...listSecrets(one), ...listSecrets(other)]).size).toBe(12);
  expect(decodedLength(one.keys('small-standard').secretKey)).toBeGreaterThanOrEqual(24);
  expect(await readOwner(one, one.keys('small-standard'))).toBe('100000000001');
  expect(await readOwner(one, one.keys('small-standard', 'reader'))).toBe('100000000011');
  expect(await readOwner(one, other.keys('small-standard'))).toBe('AuthFailure.SecretIdNotFound');
  const { secretId } = one.keys('small-standard');
  const { secretKey } = one.keys('small-legacy');
  expect(await readOwner(one, { secretId, secretKey })).toBe('AuthFailure.SignatureFailure');
});

/** Returns the number of bytes in a base64url text. */
const decodedLength = (text: string) => Buffer.from(text, 'base64url').byteLength;

test('rejects publicly known keys without the flag', async () => {
  const fixed = await start({ fixedKeys: true });
  const random = await start({ stateFile });
  expect(await readOwner(fixed, fixed.keys('small-standard'))).toBe('100000000001');
  expect(await readOwner(random, fixed.keys('small-standard'))).toBe('AuthFailure.SecretIdNotFound');
  const again = await start({ fixedKeys: true });
  expect(again.keys('small-standard')).toEqual(fixed.keys('small-standard'));
});

test('stores no publicly known keys in a data folder', async () => {
  const fixed = await start({ stateFile, fixedKeys: true });
  const known = fixed.keys('small-standard');
  await stop(fixed);
  const random = await start({ stateFile });
  expect(await readOwner(random, known)).toBe('AuthFailure.SecretIdNotFound');
});

test('keeps keys after the process ends, only in a file that only its owner can read', async () => {
  const first = await start({ stateFile });
  const before = listSecrets(first);
  await stop(first);
  expect(secretsFile(stateFile)).toBe(join(folder, 'world.keys.json'));
  expect(statSync(secretsFile(stateFile)).mode & 0o777).toBe(0o600);
  const kept = readFileSync(secretsFile(stateFile), 'utf8');
  for (const secret of before) {
    expect(kept).toContain(secret);
    expect(readFileSync(stateFile, 'utf8')).not.toContain(secret);
  }
  chmodSync(secretsFile(stateFile), 0o644);
  const second = await start({ stateFile });
  expect(listSecrets(second)).toEqual(before);
  expect(statSync(secretsFile(stateFile)).mode & 0o777).toBe(0o600);
});

test('exports no keys, and gives an imported account new ones', async () => {
  const one = await start();
  await one.clients().dnspod.CreateRecord({
    Domain: 'example.com',
    RecordType: 'A',
    RecordLine: '默认',
    Value: '127.108.1.1',
    SubDomain: 'in-the-audit-trail',
  });
  const text = await exported(one);
  for (const secret of listSecrets(one)) expect(text).not.toContain(secret);
  expect(text).not.toContain('PRIVATE KEY');

  const other = await start({ seed: 'flash-sale' });
  const niaga = other.keys('niaga');
  expect(await imported(other, text)).toBe(200);
  expect(await readOwner(other, other.keys('small-standard', 'reader'))).toBe('100000000011');
  expect(await readOwner(other, one.keys('small-standard'))).toBe('AuthFailure.SecretIdNotFound');
  // A deleted account has no access; when it is back, so is its key.
  expect(await readOwner(other, niaga)).toBe('AuthFailure.SecretIdNotFound');
  await other.control('POST', '/seed', { name: 'flash-sale' });
  expect(await readOwner(other, niaga)).toBe('100028471935');
});

test('keeps the keys on a reset', async () => {
  const cloud = await start();
  const before = listSecrets(cloud);
  await cloud.control('POST', '/reset');
  expect(listSecrets(cloud)).toEqual(before);
  expect(await readOwner(cloud, cloud.keys('small-standard'))).toBe('100000000001');
});

test('accepts no keys in an import', async () => {
  const world = structuredClone(seedNamed('small')(vipNetwork, 0));
  const planted = { secretId: 'AKIDPLANTED', secretKey: 'planted' };
  Object.assign(world.accounts['100000000001'] ?? {}, planted);
  const cloud = await start();
  expect(await imported(cloud, JSON.stringify(world))).toBe(400);
  expect(await exported(cloud)).not.toMatch(/planted/i);
  expect(await readOwner(cloud, planted)).toBe('AuthFailure.SecretIdNotFound');
  expect(await readOwner(cloud, cloud.keys('small-standard'))).toBe('100000000001');
});

test('refuses data in which two users share a UIN', async () => {
  const world = structuredClone(seedNamed('small')(vipNetwork, 0));
  Object.assign(world.accounts['100000000001']?.users.reader ?? {}, { uin: '100000000002' });
  const cloud = await start();
  expect(await imported(cloud, JSON.stringify(world))).toBe(400);
});

test.each([
  ['torn', '{"format":1,"ke'],
  ['empty', ''],
  ['of another kind', '{"format":1,"keys":[],"authority":null}'],
])('generates new keys when the file is %s, and logs that without its content', async (_, text) => {
  writeFileSync(secretsFile(stateFile), text);
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => lines.push(line) });
  const cloud = await start({ stateFile, log });
  expect(await readOwner(cloud, cloud.keys('small-standard'))).toBe('100000000001');
  expect(lines.join('')).toContain('the file of keys is damaged');
  expect(JSON.parse(readFileSync(secretsFile(stateFile), 'utf8'))).toMatchObject({ format: 1 });
});

test('keeps keys in memory when they can’t be written, and logs that', () => {
  const file = join(folder, 'none/world.keys.json');
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => lines.push(line) });
  const secrets = new SecretStore({ file, isFixed: false, log });
  secrets.cover(seedNamed('small')(vipNetwork, 0));
  expect(secrets.keyOf('100000000001').secretId).toMatch(/^AKIDsandbox/);
  expect(lines.join('')).toContain('keys not written');
  expect(lines.join('')).not.toContain(secrets.keyOf('100000000001').secretKey);
  mkdirSync(join(folder, 'none'));
  secrets.keepAuthority({ certificate: '-----BEGIN CERTIFICATE-----', key: '-----BEGIN PRIVATE KEY-----' });
  const again = new SecretStore({ file, isFixed: false, log });
  expect(again.keyOf('100000000001')).toEqual(secrets.keyOf('100000000001'));
  expect(again.authority).toEqual(secrets.authority);
});
