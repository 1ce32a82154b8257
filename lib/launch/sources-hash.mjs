import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The files that a build reads; folders with all their contents. */
const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'instrumentation-client.ts',
  'next.config.js',
  'package-lock.json',
  'package.json',
  'postcss.config.mjs',
  'tsconfig.json',
];

/** Tests aren't built, and the generated folders are built from sources that are included. */
const LEFT_OUT = /\.test\.tsx?$|^lib\/(?:sandbox|server\/api)\/generated(\/|$)/;

/**
 * @param {string} root the project's folder
 * @returns {string} changes when any file that a build reads has been changed, added or deleted
 */
export function sourcesHash(root) {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((name) => filesUnder(root, join(root, name)))) {
    hash.update(`${relative(root, file)}\0`);
    hash.update(createHash('sha256').update(readFileSync(file)).digest());
  }
  return hash.digest('hex');
}

function filesUnder(root, path) {
  if (LEFT_OUT.test(relative(root, path)) || !existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(root, join(path, name)));
}
