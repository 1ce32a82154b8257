import { chmodSync, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  dashboardKeyFile,
  dashboardKeysId,
  drawDashboardKeys,
  readDashboardKeys,
  writeDashboardKeys,
} from '@/lib/dashboard-key-file';
import { alertChannels, secondFactors, sharedSecrets, userSessions, users } from '@/lib/db/schema';
import { findSealingKey, sealAgain, sealingContext } from '@/lib/db/sealing-keys';
import { prepareDashboardKeys } from '@/lib/launch/processes/prepare-dashboard-keys';
import { prepareSealingKeys } from '@/lib/launch/processes/prepare-sealing-keys';
import { grantEverywhere } from '@/lib/policy/access';
import { seal, sealingKey, sealingKeyId } from '@/lib/sealed-box';
import { drawSealingKey, readSealingKeys, sealingKeyFile, writeSealingKeys } from '@/lib/sealing-key-file';
import { deriveKey } from '@/lib/server/auth/derive-key';
import { createKeyRing } from '@/lib/worker/added-connections/key-ring';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { rotateKeys } from './rotate-keys';

/* The private keys of workers and the keys of dashboards, from the first start of a launcher, on a real database. */

let database: TestDatabase;
let folder: string;
let file: string;
beforeEach(async () => {
  database = await startTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'spillway-keys-'));
  file = join(folder, sealingKeyFile);
  process.env.DATABASE_URL = database.url;
  process.env.SPILLWAY_DATA_DIR = folder;
});
afterEach(async () => {
  delete process.env.DATABASE_URL;
  delete process.env.SPILLWAY_DATA_DIR;
  delete process.env.SPILLWAY_SEALING_KEYS;
  delete process.env.SPILLWAY_ROLE;
  rmSync(folder, { recursive: true, force: true });
  await database.stop();
});

const id = '11111111-1111-4111-8111-111111111111';
const context = sealingContext.alertChannel(id);

async function startLauncher(more: { dataDir?: string; role?: 'all' | 'web' | 'worker' } = {}) {
  const said: string[] = [];
  const { dataDir = folder, role = 'all' } = more;
  const settings = { SPILLWAY_ROLE: role, SPILLWAY_SEALING_KEYS: undefined };
  await prepareSealingKeys(dataDir, settings, database.url, (line) => void said.push(line));
  return said;
}
/** Stores a secret as the dashboard does. */
async function store(): Promise<void> {
  await database.db.transaction(async (tx) => {
    const sealed = seal((await findSealingKey(tx)) ?? '', 'the target', context);
    const rest = { name: 'On-call', kind: 'webhook', host: 'h', events: [], createdBy: 'sari' } as const;
    await tx.insert(alertChannels).values({ id, sealed, ...rest });
  });
}
/** Opens it as a worker that has just started. */
async function openStored(keyFile = file): Promise<string> {
  const [row] = await database.db.select().from(alertChannels);
  const ring = createKeyRing({ SPILLWAY_SEALING_KEY_FILE: keyFile });
  return ring.open(row?.sealed ?? '', context);
}
async function rotate(...args: readonly string[]) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  return { code: await rotateKeys(folder, args, { out: print, err: print }), text: lines.join('\n') };
}
const dashboardFile = () => join(folder, dashboardKeyFile);
/** Prepares the dashboard's keys as a launcher does. */
async function startDashboard(
  more: { dataDir?: string; role?: 'all' | 'web' | 'worker'; links?: string } = {},
) {
  const said: string[] = [];
  const { dataDir = folder, role = 'all', links } = more;
  const settings = {
    SPILLWAY_ROLE: role,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: undefined,
    SPILLWAY_LINK_KEY: links,
  };
  const keys = await prepareDashboardKeys(dataDir, settings, database.url, (line) => void said.push(line));
  return { keys, said };
}
const cipherKey = (actions: string) => deriveKey('second factors', actions).toString('base64');
/** Stores a person with a session and a second factor, as a dashboard with these keys does. */
async function storePerson(actions: string): Promise<void> {
  const now = new Date();
  const times = { createdAt: now, updatedAt: now };
  const grants = grantEverywhere('administrator');
  const person = { id: 'sari', name: 'Sari', email: 'sari@example.com', emailVerified: false, grants };
  await database.db.insert(users).values({ ...person, ...times });
  await database.db
    .insert(userSessions)
    .values({ id: 's', token: 'hash', userId: 'sari', expiresAt: now, ...times });
  const secret = await symmetricEncrypt({ key: cipherKey(actions), data: 'JBSWY3DPEHPK3PXP' });
  await database.db.insert(secondFactors).values({ userId: 'sari', secret, confirmedAt: now });
}
async function openSecondFactor(actions: string): Promise<string> {
  const [factor] = await database.db.select().from(secondFactors);
  return symmetricDecrypt({ key: cipherKey(actions), data: factor?.secret ?? '' });
}
const currentId = () =>
  database.db.transaction(findSealingKey).then((key) => (key === null ? null : sealingKeyId(key)));
const ids = () => readSealingKeys(file).map((key) => sealingKeyId(sealingKey(key)));

describe('the first start', () => {
  it('makes a key in a file that only its owner can read, and later starts keep it', async () => {
    expect(await startLauncher()).toEqual([]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [first] = ids();
    expect(await currentId()).toBe(first);
    expect(await startLauncher()).toEqual([]);
    expect(ids()).toEqual([first]);
  });

  it('of a dashboard alone makes none, and of a worker without the key says what to do', async () => {
    await startLauncher({ role: 'web' });
    expect(await currentId()).toBeNull();
    await startLauncher({ role: 'worker' });
    const other = mkdtempSync(join(tmpdir(), 'spillway-keys-'));
    const said = await startLauncher({ role: 'worker', dataDir: other });
    expect(said).toEqual([expect.stringContaining(`private key ${ids()[0]} is missing`)]);
    expect(readSealingKeys(join(other, sealingKeyFile))).toEqual([]);
    rmSync(other, { recursive: true });
  });

  it('refuses a file that others can read, or that is damaged', async () => {
    await startLauncher();
    chmodSync(file, 0o640);
    await expect(startLauncher()).rejects.toThrow(`chmod 600 ${file}`);
    expect(await rotate()).toMatchObject({ code: 1, text: expect.stringContaining('chmod 600') });
  });
});

describe('the keys of the dashboard', () => {
  it('are made in a file that only its owner can read, and the database has none of them', async () => {
    const { keys, said } = await startDashboard();
    expect(said).toEqual([]);
    expect(statSync(dashboardFile()).mode & 0o777).toBe(0o600);
    expect(readDashboardKeys(dashboardFile())).toEqual([keys]);
    expect((await startDashboard()).keys).toEqual(keys);
    const { rows } = await database.db.execute('select * from shared_secret');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(keys.actions);
    expect(JSON.stringify(rows)).not.toContain(keys.links);
  });

  it('leave the database of an earlier build, which had them', async () => {
    const former = drawDashboardKeys();
    await database.db.insert(sharedSecrets).values([
      { name: 'server-actions', value: former.actions },
      { name: 'alert-links', value: former.links },
    ]);
    expect((await startDashboard()).keys).toEqual(former);
    const { rows } = await database.db.execute('select * from shared_secret');
    expect(rows).toEqual([{ name: 'dashboard-keys', value: dashboardKeysId(former) }]);
  });

  it('are missing on another machine until they are copied there, which the launcher says', async () => {
    const { keys } = await startDashboard();
    const other = mkdtempSync(join(tmpdir(), 'spillway-keys-'));
    const missing = await startDashboard({ dataDir: other, role: 'web' });
    expect(missing.keys.actions).toBeUndefined();
    expect(missing.said).toEqual([expect.stringContaining(`Copy ${dashboardKeyFile}`)]);
    const worker = await startDashboard({ dataDir: other, role: 'worker' });
    expect(worker.said).toEqual([expect.stringContaining('SPILLWAY_LINK_KEY')]);
    const given = await startDashboard({ dataDir: other, role: 'worker', links: keys.links ?? '' });
    expect(given.said).toEqual([]);
    // Nothing was made in its place.
    expect(readDashboardKeys(join(other, dashboardKeyFile))).toEqual([]);
    copyFileSync(dashboardFile(), join(other, dashboardKeyFile));
    expect((await startDashboard({ dataDir: other, role: 'web' })).keys).toEqual(keys);
    rmSync(other, { recursive: true });
  });

  it('refuse a file that others can read', async () => {
    await startDashboard();
    chmodSync(dashboardFile(), 0o640);
    await expect(startDashboard()).rejects.toThrow(`chmod 600 ${dashboardFile()}`);
  });
});

describe('npm run keys:rotate', () => {
  it('makes new keys of the dashboard: second factors stay, and sessions end', async () => {
    await startLauncher();
    const { keys } = await startDashboard();
    await storePerson(keys.actions ?? '');
    expect(await rotate()).toMatchObject({
      code: 0,
      text: expect.stringContaining('everyone is signed out'),
    });
    const [next, ...others] = readDashboardKeys(dashboardFile());
    expect(others).toEqual([]);
    expect(next?.actions).not.toBe(keys.actions);
    expect(next?.links).not.toBe(keys.links);
    expect((await startDashboard()).keys).toEqual(next);
    expect(await openSecondFactor(next?.actions ?? '')).toBe('JBSWY3DPEHPK3PXP');
    expect(await database.db.$count(userSessions)).toBe(0);
  });

  it('leaves the keys of the dashboard usable after it was killed, before and after the database named the new ones', async () => {
    await startLauncher();
    const { keys } = await startDashboard();
    const former = { actions: keys.actions ?? '', links: keys.links ?? '' };
    await storePerson(former.actions);
    const next = drawDashboardKeys();
    writeDashboardKeys(dashboardFile(), [next, former]);
    expect((await startDashboard()).keys).toEqual(former);
    expect(await rotate()).toMatchObject({ code: 0 });
    expect((await startDashboard()).keys).toEqual(next);
    writeDashboardKeys(dashboardFile(), [next, former]);
    expect((await startDashboard()).keys).toEqual(next);
    expect(await openSecondFactor(next.actions)).toBe('JBSWY3DPEHPK3PXP');
  });

  it('needs the old keys of the dashboard, unless they are lost', async () => {
    await startLauncher();
    const { keys } = await startDashboard();
    await storePerson(keys.actions ?? '');
    rmSync(dashboardFile());
    expect((await startDashboard()).keys.actions).toBeUndefined();
    process.env.SPILLWAY_ROLE = 'web';
    expect(await rotate()).toMatchObject({ code: 1, text: expect.stringContaining('not in') });
    expect(await rotate('--without-old-key')).toMatchObject({
      code: 0,
      text: expect.stringContaining('the second factor of sari@example.com'),
    });
    expect((await startDashboard()).keys.actions).toBeDefined();
  });

  it('seals everything for a new key, and forgets the old one', async () => {
    await startLauncher();
    const [old] = ids();
    await store();
    expect(await rotate()).toMatchObject({ code: 0, text: expect.stringContaining('1 secrets') });
    expect(ids()).toHaveLength(1);
    expect(ids()).not.toContain(old);
    expect(await currentId()).toBe(ids()[0]);
    expect(await openStored()).toBe('the target');
  });

  it('can be repeated after it was killed before, and after everything was sealed', async () => {
    await startLauncher();
    await store();
    const old = readSealingKeys(file);
    // Killed before the transaction was committed: the new key is only in the file.
    const next = drawSealingKey();
    writeSealingKeys(file, [next, ...old]);
    expect(await openStored()).toBe('the target');
    expect(await rotate()).toMatchObject({ code: 0 });
    expect(readSealingKeys(file)).toEqual([next]);
    expect(await openStored()).toBe('the target');
    // Killed before the old key was removed from the file.
    const last = drawSealingKey();
    writeSealingKeys(file, [last, next]);
    await sealAgain(database.url, [next], last);
    expect(await openStored()).toBe('the target');
    expect(await rotate()).toMatchObject({ code: 0 });
    expect(ids()).toHaveLength(1);
    expect(await openStored()).toBe('the target');
  });

  it('needs the old key, unless it is lost', async () => {
    await startLauncher();
    await store();
    rmSync(file);
    expect(await rotate()).toMatchObject({
      code: 1,
      text: expect.stringContaining('is not on this machine'),
    });
    expect(await rotate('--without-old-key')).toMatchObject({
      code: 0,
      text: expect.stringContaining('enter it again in Settings: the target of the alert channel On-call'),
    });
    await expect(openStored()).rejects.toThrow('missing here');
  });

  it('uses the first key of the settings', async () => {
    await startLauncher();
    await store();
    const old = readSealingKeys(file);
    const next = drawSealingKey();
    process.env.SPILLWAY_SEALING_KEYS = [next, ...old].join(', ');
    expect(await rotate()).toMatchObject({ code: 0, text: expect.stringContaining('Remove the old keys') });
    expect(await currentId()).toBe(sealingKeyId(sealingKey(next)));
    expect(readSealingKeys(file)).toEqual(old);
    expect(await rotate()).toMatchObject({ code: 1, text: expect.stringContaining('Put a new key before') });
    expect(await rotate('--wrong')).toMatchObject({ code: 1, text: expect.stringContaining('--wrong') });
  });
});
