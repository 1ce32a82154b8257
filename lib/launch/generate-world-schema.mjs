/**
 * Writes lib/sandbox/generated/world.json: the JSON Schema of the sandbox data, generated from the types themselves.
 * Sandbox data from outside (a state file, an import) is checked against it. Runs only when this file, its tsconfig, or
 * one that contains the types, has changed: the result includes the hash of all of them.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = join(root, 'lib/sandbox/generated');
const file = join(folder, 'world.json');

const sources = ['lib/sandbox/world'].flatMap((place) =>
  readdirSync(join(root, place)).map((name) => readFileSync(join(root, place, name), 'utf8')),
);
const tsconfig = join(root, 'lib/launch/schemas.tsconfig.json');
const generator = [fileURLToPath(import.meta.url), tsconfig].map((path) => readFileSync(path, 'utf8'));
const hash = createHash('sha256')
  .update(JSON.stringify([sources, generator]))
  .digest('hex');

/** @returns {string | null} null when there is no file, or a truncated one */
function writtenHash() {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).hash;
  } catch {
    return null;
  }
}

if (writtenHash() !== hash) {
  const { createGenerator } = await import('ts-json-schema-generator');
  const schema = createGenerator({
    path: join(root, 'lib/sandbox/world/world.ts'),
    tsconfig,
    expose: 'export',
    jsDoc: 'none',
    skipTypeCheck: true,
  }).createSchema('World');
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ hash, schema })}\n`);
  renameSync(draft, file);
}
