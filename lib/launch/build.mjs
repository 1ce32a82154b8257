/** `npm run build`: builds everything that `npm start` runs. Does nothing if everything is built. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPartWhole, partSources, recordPart, removePartRecord } from './build-record.mjs';
import { bundle } from './bundle.mjs';
import { LockHeldError, takePidLock } from './pid-lock.mjs';
import { sourcesHash } from './sources-hash.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The parts of a build and how each is built: the programs take a second, the dashboard a minute. */
const PARTS = {
  programs: () => generateSchemas().then(() => bundle(root)),
  dashboard: (hash) => nextBuild(hash).then(generateAnswers),
};
const ALL = Object.keys(PARTS);

/** Returns whether the last complete build is from the current sources and its files are unchanged. */
export function isBuilt(parts = ALL) {
  const hash = sourcesHash(root);
  return parts.every((part) => partSources(root, part) === hash && isPartWhole(root, part));
}

/**
 * Builds what is missing. Concurrent builds would overwrite each other, so a second one waits and then finds nothing to
 * build.
 */
export async function build(parts = ALL) {
  await Promise.all(parts.map(buildPart));
}

async function buildPart(part) {
  const unlock = await buildLock(part);
  try {
    if (isBuilt([part])) return;
    const hash = sourcesHash(root);
    // Removed first and written last, so that an interrupted build is not mistaken for a finished one.
    removePartRecord(root, part);
    await PARTS[part](hash);
    recordPart(root, part, hash);
  } finally {
    unlock();
  }
}

/**
 * Manages the build for a launcher.
 * @returns `ensure`, to be called before each start of a process. Its first call builds a part whose sources have
 * changed; later calls rebuild only damaged or missing files, so that a running launcher keeps its build.
 */
export function createBuilder() {
  const known = new Set(ALL.filter((part) => isBuilt([part])));
  const underWay = new Map();
  const ensureOne = (part) => {
    if (known.has(part) && isPartWhole(root, part)) return Promise.resolve();
    const running = underWay.get(part);
    if (running !== undefined) return running;
    const made = build([part])
      .then(() => known.add(part))
      .finally(() => underWay.delete(part));
    underWay.set(part, made);
    return made;
  };
  return {
    isBuilt: ALL.every((part) => known.has(part)),
    ensure: (parts) => Promise.all(parts.map(ensureOne)),
    /** Fast enough for repeated checks, because it compares only sizes. */
    isDamaged: (part) => known.has(part) && !underWay.has(part) && !isPartWhole(root, part, { quick: true }),
  };
}

/** Generates schemas from the installed SDK's declarations; the sandbox checks requests against them. */
export function generateSchemas() {
  return run({}, 'lib/launch/generate-schemas.mjs');
}

/** Generates the schemas of the API's answers, which its description has. */
function generateAnswers() {
  return run({}, 'lib/launch/generate-answers.mjs');
}

/**
 * Each machine builds for itself, and pages of one must work with the dashboard of another, so values that Next would
 * choose at random are derived from the sources. Here the key is only the salt of the server actions' ids. It is not
 * secret: the key for encryption is passed at the start (launcher.ts). Different sources result in different ids, so a
 * call from an older page is refused.
 */
function nextBuild(hash) {
  const env = {
    SPILLWAY_BUILD: hash.slice(0, 20),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.from(hash, 'hex').toString('base64'),
  };
  return run(env, 'node_modules/next/dist/bin/next', 'build');
}

async function buildLock(part) {
  mkdirSync(join(root, '.build'), { recursive: true });
  for (let told = false; ; told = true) {
    try {
      return takePidLock(join(root, `.build/${part}.lock`));
    } catch (error) {
      if (!(error instanceof LockHeldError)) throw error;
      if (!told) console.error(`Waiting for the build of process ${error.pid} …`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** Runs a Node program and prints its output if it fails. The program ends with this process. */
function run(env, ...args) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = () => child.kill();
  process.on('exit', end);
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('exit', end);
      if (code === 0) return resolve();
      reject(
        new Error(`${args.join(' ')} ended with ${signal ?? `code ${code}`}:\n${Buffer.concat(output)}`),
      );
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build().catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
