import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertChannels } from '@/lib/db/schema';
import { findSealingKey, sealAgain, sealingContext } from '@/lib/db/sealing-keys';
import { prepareSealingKeys } from '@/lib/launch/processes/prepare-sealing-keys';
import { seal, sealingKey, sealingKeyId } from '@/lib/sealed-box';
import { drawSealingKey, readSealingKeys, sealingKeyFile, writeSealingKeys } from '@/lib/sealing-key-file';
import { createKeyRing } from '@/lib/worker/added-connections/key-ring';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { rotateKeys } from './rotate-keys';

/* The private keys of workers, from the first start of a launcher, on a real database. */

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

describe('npm run keys:rotate', () => {
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
