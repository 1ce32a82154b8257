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
      id: z.string().regex(/^GHSA(-[23456789cfghjmpqrvwx]{4}){3}$|^CVE-\d{4}-\d{4,}$/),
      cve: z.array(z.string().regex(/^CVE-\d{4}-\d{4,}$/)).optional(),
      package: z.enum(['next', 'react-server-dom']),
      /** The first fixed version of each line. */
      fixed: z.array(z.string().regex(/^\d+\.\d+\.\d+$/)).min(1),
      source: z.url(),
      /** The way in which a version was determined that the source does not name. */
      checked: z.string().optional(),
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

const paths = {
  next: /(^|\/)node_modules\/next$/,
  'react-server-dom': /(^|\/)node_modules\/react-server-dom-(webpack|turbopack|parcel)$/,
};

/** Returns each advisory that a package of a lock file lacks the fix of. */
function listOpen(packages: z.infer<typeof Lock>['packages']): readonly string[] {
  return Object.entries(packages).flatMap(([path, { version = '0.0.0' }]) =>
    advisories
      .filter((each) => paths[each.package].test(path))
      .filter(({ fixed }) => !isFixed(parseVersion(version), fixed.map(parseVersion)))
      .map(({ id }) => `${path} ${version}: ${id}`),
  );
}

test('the Next.js of the lock file has the fix of each known advisory', () => {
  const { packages } = Lock.parse(readJson('package-lock.json'));
  expect(Object.keys(packages).filter((path) => paths.next.test(path)).length).toBeGreaterThan(0);
  expect(listOpen(packages)).toEqual([]);
});

test('the list finds the advisories of an old version', () => {
  const old = {
    'node_modules/next': { version: '16.0.6' },
    'node_modules/a/node_modules/next': { version: '16.4.0' },
    'node_modules/react-server-dom-webpack': { version: '19.2.8' },
  };
  const open = listOpen(old);
  expect(open).toContain('node_modules/next 16.0.6: GHSA-9qr9-h5gf-34mp');
  expect(open.filter((each) => !each.startsWith('node_modules/next'))).toEqual([
    'node_modules/a/node_modules/next 16.4.0: GHSA-xqc2-xf4c-x3h3',
    'node_modules/a/node_modules/next 16.4.0: GHSA-h3gv-c5rc-p453',
    'node_modules/react-server-dom-webpack 19.2.8: GHSA-xqc2-xf4c-x3h3',
    'node_modules/react-server-dom-webpack 19.2.8: GHSA-h3gv-c5rc-p453',
  ]);
});

test('the list names each advisory of a package once', () => {
  const names = advisories.map(({ id, package: name }) => `${name} ${id}`);
  expect(new Set(names).size).toBe(advisories.length);
});
