import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPartWhole, partSources, recordPart, removePartRecord } from './build-record.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spillway-build-test-'));
  for (const folder of ['.build', '.next/server', '.next/cache'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['.build/worker.mjs', '.next/BUILD_ID', '.next/server/page.js', '.next/cache/webpack']) {
    writeFileSync(join(root, file), `content of ${file}`);
  }
  for (const part of ['programs', 'dashboard'] as const) recordPart(root, part, 'sources');
});
afterEach(() => rmSync(root, { recursive: true }));

test('a finished build is complete, without files that Next keeps for its next build', () => {
  rmSync(join(root, '.next/cache'), { recursive: true });
  expect([isPartWhole(root, 'programs'), isPartWhole(root, 'dashboard')]).toEqual([true, true]);
  expect(partSources(root, 'dashboard')).toBe('sources');
});

test.each([
  ['a file is gone', (path: string) => rmSync(path), true],
  ['a file is cut off', (path: string) => writeFileSync(path, ''), true],
  [
    'a file has other content of the same length',
    (path: string) => writeFileSync(path, 'C'.repeat(31)),
    false,
  ],
])('is incomplete when %s', (_how, damage, isSeenQuickly) => {
  damage(join(root, '.next/server/page.js'));
  expect(isPartWhole(root, 'dashboard')).toBe(false);
  expect(isPartWhole(root, 'dashboard', { quick: true })).toBe(!isSeenQuickly);
  expect(isPartWhole(root, 'programs')).toBe(true);
});

test('is incomplete when its folder is missing, its record is damaged, or it is being built', () => {
  rmSync(join(root, '.next'), { recursive: true });
  expect(isPartWhole(root, 'dashboard')).toBe(false);
  writeFileSync(join(root, '.build/programs.json'), '{"sources":"sou');
  expect([isPartWhole(root, 'programs'), partSources(root, 'programs')]).toEqual([false, null]);
  removePartRecord(root, 'dashboard');
  expect(partSources(root, 'dashboard')).toBe(null);
});
