import { spawnSync } from 'node:child_process';
import { chmod, chown, lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFolders, removeFolders, removeStaleFolders } from './folders';

const isRoot = process.getuid?.() === 0;
const usual = process.env.TMPDIR;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-folders-'));
  process.env.TMPDIR = folder;
});
afterAll(async () => {
  if (usual === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usual;
  await rm(folder, { recursive: true });
});

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

it('hides the code from all other users, under an unguessable name', async () => {
  const before = process.umask(0);
  const [one, other] = await Promise.all([createFolders(null), createFolders(null)]);
  process.umask(before);
  const { mode, uid } = await lstat(one.base);
  expect([mode & 0o777, uid]).toEqual([0o700, process.getuid?.()]);
  // 128 random bits.
  expect(basename(one.base)).toMatch(new RegExp(`^spillway-function-${process.pid}-[0-9a-f]{32}$`));
  expect(other.base).not.toBe(one.base);
  await Promise.all([one, other].map(removeFolders));
  expect(await exists(one.base)).toBe(false);
});

it('gives the functions’ group traverse access only, if they run as their own users', async () => {
  const group = isRoot ? 61_235 : (process.getgid?.() ?? 0);
  const { base } = await createFolders(group);
  const { mode, gid, uid } = await lstat(base);
  expect([mode & 0o777, gid, uid]).toEqual([0o710, group, process.getuid?.()]);
  await rm(base, { recursive: true });
});

it('removes the folders of a killed sandbox, and none that may belong to others', async () => {
  const { pid } = spawnSync('true');
  const named = (end: string) => join(folder, `spillway-function-${pid}-${end}`);
  const elsewhere = join(folder, 'elsewhere');
  for (const path of [named('ours'), named('open'), named('foreign'), elsewhere]) {
    await mkdir(path, { mode: 0o700 });
    await writeFile(join(path, 'file'), 'x');
  }
  await chmod(named('open'), 0o777);
  if (isRoot) await chown(named('foreign'), 61_236, 61_236);
  await symlink(elsewhere, named('link'));
  const running = await createFolders(null);
  await removeStaleFolders(pino({ level: 'silent' }));
  const left = {
    open: named('open'),
    link: named('link'),
    target: join(elsewhere, 'file'),
    running: running.base,
  };
  for (const [what, path] of Object.entries(left)) expect([what, await exists(path)]).toEqual([what, true]);
  expect(await exists(named('ours'))).toBe(false);
  expect(await exists(named('foreign'))).toBe(isRoot);
});
