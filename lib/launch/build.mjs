/** `npm run build`: everything that `npm start` runs. Does nothing when all is built. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { LockHeldError, takePidLock } from './pid-lock.mjs';
import { sourcesHash } from './sources-hash.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const hashFile = join(root, '.build/hash');

/** Whether the last finished build was made from the sources as they are now. */
export function isBuilt() {
  try {
    return readFileSync(hashFile, 'utf8') === sourcesHash(root);
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Builds what is missing. Two at a time would write over each other: the second waits, and then finds it done. */
export async function build() {
  const unlock = await buildLock();
  try {
    if (isBuilt()) return;
    const hash = sourcesHash(root);
    // Taken away first and written last: a build that was interrupted is not taken for a finished one.
    rmSync(hashFile, { force: true });
    await Promise.all([nextBuild(hash), generateSchemas().then(() => bundle(root))]);
    writeFileSync(`${hashFile}.draft`, hash);
    renameSync(`${hashFile}.draft`, hashFile);
  } finally {
    unlock();
  }
}

/** The sandbox checks requests against these; they come from the installed SDK's declarations. */
export function generateSchemas() {
  return run({}, 'lib/launch/generate-schemas.mjs');
}

/**
 * Each machine builds for itself, and pages of one must work with the dashboard of another: what Next would draw by lot
 * comes from the sources instead. The key is only the salt of the server actions' ids here. It is no secret, and the one
 * that encrypts is given at the start (launcher.ts). Other sources make other ids: an older page's call is refused.
 */
function nextBuild(hash) {
  const env = {
    SPILLWAY_BUILD: hash.slice(0, 20),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.from(hash, 'hex').toString('base64'),
  };
  return run(env, 'node_modules/next/dist/bin/next', 'build');
}

async function buildLock() {
  mkdirSync(join(root, '.build'), { recursive: true });
  for (let told = false; ; told = true) {
    try {
      return takePidLock(join(root, '.build/build.lock'));
    } catch (error) {
      if (!(error instanceof LockHeldError)) throw error;
      if (!told) console.error(`Waiting for the build of process ${error.pid} …`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** Runs a Node program; its output is shown when it fails. It ends with this process. */
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
