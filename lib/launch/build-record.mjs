import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The files of each part of a build, in the project folder. */
const FILES = {
  programs: (root) =>
    filesUnder(join(root, '.build'), (name) =>
      /^(launcher|lease-thread|sandbox|web|worker)\.mjs$/.test(name),
    ),
  // Excludes files that Next writes while it builds, checks types or runs, and that are not needed at run time.
  dashboard: (root) =>
    filesUnder(
      join(root, '.next'),
      (name) => !/^(cache|dev|diagnostics|types|lock|trace.*)(\/|$)/.test(name),
    ),
};

/** Records the files of a build part and the hash of its sources. */
export function recordPart(root, part, sources) {
  const files = {};
  for (const path of FILES[part](root)) files[relative(root, path)] = [statSync(path).size, hashOf(path)];
  mkdirSync(join(root, '.build'), { recursive: true });
  const draft = `${recordFile(root, part)}.draft`;
  writeFileSync(draft, JSON.stringify({ sources, files }));
  renameSync(draft, recordFile(root, part));
}

/** Deletes the record of a part before it is rebuilt. */
export function removePartRecord(root, part) {
  rmSync(recordFile(root, part), { force: true });
}

/** Returns the hash of the sources that a part was built from; null if the build is missing or incomplete. */
export function partSources(root, part) {
  return readRecord(root, part)?.sources ?? null;
}

/** Returns whether each file of a part exists and is unchanged since the build; `quick` compares only sizes. */
export function isPartWhole(root, part, { quick = false } = {}) {
  const record = readRecord(root, part);
  if (record === null) return false;
  return Object.entries(record.files).every(([name, [size, hash]]) => {
    const path = join(root, name);
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.isFile() && found.size === size && (quick || hashOf(path) === hash);
  });
}

function recordFile(root, part) {
  return join(root, `.build/${part}.json`);
}

function readRecord(root, part) {
  try {
    const record = JSON.parse(readFileSync(recordFile(root, part), 'utf8'));
    return typeof record?.sources === 'string' && typeof record.files === 'object' ? record : null;
  } catch {
    // Missing or truncated: the part is rebuilt.
    return null;
  }
}

function hashOf(path) {
  return createHash('sha256').update(readFileSync(path)).digest('base64');
}

function filesUnder(folder, isPart) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => isPart(relative(folder, path).split(sep).join('/')))
    .sort();
}
