import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { PREFIX } from '@/lib/sandbox/functions/jail/folders';
import type { Runtime } from './launcher';
import { pyodideBootstrap, pyodideSnapshotProgram } from './pyodide-bootstrap';
import { thisNode } from './this-node';

const run = promisify(execFile);
const Versions = z.object({ python: z.string(), pyodide: z.string() });
/** The files of the package that Pyodide loads when it starts. */
const FILES = [
  'pyodide.js',
  'pyodide.asm.mjs',
  'pyodide.asm.wasm',
  'python_stdlib.zip',
  'pyodide-lock.json',
] as const;
const SNAPSHOT_TIMEOUT_MS = 120_000;

/**
 * Prepares Pyodide (https://pyodide.org) as the Python of machines without one: its files from the package `pyodide` in
 * a separate folder, which every user of functions may read, and beside them a snapshot, so that a function starts in a
 * fraction of the seconds that Pyodide needs for its first start. Nothing is downloaded.
 * @returns the runtime, and a function that removes its files
 * @throws Error when this Node does not run Pyodide
 */
export async function preparePyodide(): Promise<{ runtime: Runtime; remove(): Promise<void> }> {
  const node = thisNode();
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-pyodide-`));
  const remove = () => rm(folder, { recursive: true, force: true });
  const snapshot = join(folder, 'snapshot');
  try {
    await chmod(folder, 0o755);
    const source = dirname(createRequire(import.meta.url).resolve('pyodide'));
    for (const name of FILES) {
      await copyFile(join(source, name), join(folder, name));
      await chmod(join(folder, name), 0o644);
    }
    const { stdout } = await run(
      node.file,
      [...FLAGS, '-e', pyodideSnapshotProgram, folder, snapshot],
      // A snapshot that functions read must contain nothing of this process's environment.
      { env: { NODE_ENV: 'production' }, timeout: SNAPSHOT_TIMEOUT_MS },
    );
    await chmod(snapshot, 0o644);
    const { python, pyodide } = Versions.parse(JSON.parse(stdout));
    const runtime: Runtime = {
      file: node.file,
      args: () => [...FLAGS, '-e', pyodideBootstrap, folder, snapshot],
      needs: [...node.needs, folder],
      version: `${python} on Pyodide ${pyodide}`,
      memory: 'kernel',
      ownMb: OWN_MB,
    };
    return { runtime, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** One thread to compile and collect: a function has one processor. */
const FLAGS = ['--v8-pool-size=1', '--no-warnings'];

/** The memory that V8 uses beside Python's own while it compiles hot code; measured: 60 MB. */
const OWN_MB = 256;
