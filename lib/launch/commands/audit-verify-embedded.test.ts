import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyPreparedCluster } from '@/testing/db/own-database';
import { takePidLock } from '../pid-lock.mjs';
import { startEmbeddedPostgres } from '../postgres/embedded-postgres';
import { auditVerify } from './audit-verify';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'spillway-audit-'));
  copyPreparedCluster(dataDir);
  process.env.SPILLWAY_DATA_DIR = dataDir;
});
afterEach(() => {
  delete process.env.SPILLWAY_DATA_DIR;
  rmSync(dataDir, { recursive: true, force: true });
});

async function verify() {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  return { code: await auditVerify(dataDir, [], { out: print, err: print }), text: lines.join('\n') };
}

it('starts the embedded database if Spillway isn’t running, and stops it', async () => {
  const first = await verify();
  expect(first).toMatchObject({ code: 0, text: expect.stringContaining('Entries: 0') });
  // Nothing holds the data folder any more.
  expect(await verify()).toEqual(first);
});

it('reads the database of a running Spillway', async () => {
  const unlock = takePidLock(join(dataDir, 'launcher.lock'));
  const { service } = startEmbeddedPostgres(dataDir, { line: () => {}, say: () => {} });
  await service.ready;
  expect(await verify()).toMatchObject({ code: 0, text: expect.stringContaining('is intact') });
  await service.stop();
  unlock();
});
