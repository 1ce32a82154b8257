import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeDiskSpace, judgeDiskSpace, readDiskSpace } from './health-monitor';

const GB = 1024 ** 3;
const MB = 1024 ** 2;

test.each([
  ['a large disk with room', 5 * GB, 500 * GB, 'ok'],
  ['a large disk below 1 GB', GB - 1, 500 * GB, 'low'],
  ['a large disk below 32 MB', 32 * MB - 1, 500 * GB, 'full'],
  ['a small disk with a fifth left', 200 * MB, GB, 'ok'],
  ['a small disk below a tenth', 100 * MB, GB, 'low'],
  ['a small disk below a hundredth', 10 * MB, GB, 'full'],
  ['a disk without any room', 0, GB, 'full'],
] as const)('classifies %s', (_case, free, size, state) => {
  expect(judgeDiskSpace(free, size)).toBe(state);
});

test('names the disk, the free space, and what to do', () => {
  const space = { folder: '/data', freeBytes: 412 * MB, sizeBytes: 20 * GB, state: 'low' } as const;
  expect(describeDiskSpace(space)).toBe(
    'The disk of /data has 412 MB of 20,480 MB left. Free some space before it is full: the database stops then, and runs wait for it.',
  );
});

test('reads the free space of the file system of a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-disk-test-'));
  const space = await readDiskSpace(folder);
  rmSync(folder, { recursive: true });
  expect(space.freeBytes).toBeGreaterThan(0);
  expect(space.sizeBytes).toBeGreaterThan(space.freeBytes - 1);
  expect(space.state).toBe(judgeDiskSpace(space.freeBytes, space.sizeBytes));
});
