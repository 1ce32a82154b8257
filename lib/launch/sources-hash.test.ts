import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sourcesHash } from './sources-hash.mjs';

const root = mkdtempSync(join(tmpdir(), 'spillway-hash-test-'));
afterAll(() => rmSync(root, { recursive: true }));
const write = (path: string, text: string) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};

/** Returns whether this change affects the hash. */
function changes(change: () => void): boolean {
  const before = sourcesHash(root);
  change();
  return sourcesHash(root) !== before;
}

test('a build is stale when a file that it reads has changed', () => {
  write('lib/plan/order.ts', 'a');
  write('package-lock.json', '{}');
  expect(changes(() => write('lib/plan/order.ts', 'b'))).toBe(true);
  expect(changes(() => write('package-lock.json', '{"a":1}'))).toBe(true);
  expect(changes(() => write('app/page.tsx', ''))).toBe(true);
  expect(changes(() => renameSync(join(root, 'app/page.tsx'), join(root, 'app/layout.tsx')))).toBe(true);
  expect(changes(() => rmSync(join(root, 'app/layout.tsx')))).toBe(true);
});

test('is not stale when another file has changed', () => {
  expect(changes(() => write('lib/plan/order.ts', 'b'))).toBe(false);
  expect(changes(() => write('lib/plan/order.test.ts', 'x'))).toBe(false);
  expect(changes(() => write('lib/sandbox/generated/requests.json', '{}'))).toBe(false);
  expect(changes(() => write('lib/server/api/generated/answers.json', '{}'))).toBe(false);
  expect(changes(() => write('README.md', 'x'))).toBe(false);
});
