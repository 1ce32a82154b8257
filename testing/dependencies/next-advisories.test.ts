import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

const Advisories = z.object({
  advisories: z.array(
    z.object({
      id: z.string().regex(/^GHSA(-[23456789cfghjmpqrvwx]{4}){3}$/),
      /** The first fixed version of each line. */
      fixed: z.array(z.string().regex(/^\d+\.\d+\.\d+$/)).min(1),
      source: z.url(),
    }),
  ),
});
const Lock = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

const { advisories } = Advisories.parse(readJson('testing/dependencies/next-advisories.json'));

type Version = readonly [major: number, minor: number, patch: number];
function parseVersion(text: string): Version {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
  return [major, minor, patch];
}

/**
 * Returns whether a version has a fix: the one of its own line, or else of the newest line before it in the same major
 * version, because later lines begin with it. A line before all fixed ones of its major version has none.
 */
function isFixed(version: Version, fixed: readonly Version[]): boolean {
  const [major, minor, patch] = version;
  const before = fixed.filter(([of, line]) => of === major && line <= minor);
  const newest = before.toSorted((a, b) => b[1] - a[1])[0];
  if (newest === undefined) return fixed.every(([of]) => of < major);
  return newest[1] < minor || patch >= newest[2];
}

test.each([
  ['16.2.4', ['15.5.16', '16.2.5'], false],
  ['16.2.5', ['15.5.16', '16.2.5'], true],
  ['16.3.0', ['15.5.16', '16.2.5'], true],
  ['16.1.9', ['15.5.16', '16.2.5'], false],
  ['16.0.12', ['16.0.11', '16.1.5'], true],
  ['16.1.4', ['16.0.11', '16.1.5'], false],
  ['15.5.15', ['15.5.16', '16.2.5'], false],
  ['17.0.0', ['15.5.16', '16.2.5'], true],
] as const)('%s compared with %j: %s', (version, fixed, isExpected) => {
  expect(isFixed(parseVersion(version), fixed.map(parseVersion))).toBe(isExpected);
});

test('the Next.js of the lock file has the fix of each known advisory', () => {
  const { packages } = Lock.parse(readJson('package-lock.json'));
  const copies = Object.entries(packages).filter(([path]) => /(^|\/)node_modules\/next$/.test(path));
  expect(copies.length).toBeGreaterThan(0);
  const open = copies.flatMap(([path, { version = '0.0.0' }]) =>
    advisories
      .filter(({ fixed }) => !isFixed(parseVersion(version), fixed.map(parseVersion)))
      .map(({ id }) => `${path} ${version}: ${id}`),
  );
  expect(open).toEqual([]);
});

test('the list names each advisory once', () => {
  expect(new Set(advisories.map(({ id }) => id)).size).toBe(advisories.length);
});
