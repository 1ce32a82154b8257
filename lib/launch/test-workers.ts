import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { workerEnvironment } from './child-environment';

/** Worker processes as the launcher starts them, for tests that kill, freeze and cut them off. */
export type TestWorkers = {
  /** Their data directory. */
  readonly folder: string;
  /** Starts one, and does not wait until it is ready. */
  spawn(name: string, settings?: Readonly<Record<string, string>>): ChildProcess;
  /** Kills those that live. */
  stop(): Promise<void>;
  /** Takes the bundle away. */
  remove(): void;
};

const root = resolve(import.meta.dirname, '../..');

/**
 * Bundles the worker, as the build does.
 * @param environment database and sandbox's line
 * @param engineVersion another one than this build's: what a later or an earlier build would be
 */
export async function testWorkers(
  environment: { readonly databaseUrl: string; readonly sandbox: string },
  engineVersion?: string,
): Promise<TestWorkers> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-workers-'));
  const program = join(folder, 'worker.mjs');
  // Its packages stay where npm put them.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  await build({
    absWorkingDir: root,
    entryPoints: ['lib/launch/worker.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { 'server-only': './node_modules/server-only/empty.js' },
    plugins: engineVersion === undefined ? [] : [versioned(engineVersion)],
  });
  const children: ChildProcess[] = [];
  return {
    folder,
    spawn(name, settings = {}) {
      const own = { SPILLWAY_WORKER_NAME: name, SPILLWAY_DATA_DIR: folder, SPILLWAY_LOG_LEVEL: 'warn' };
      const { databaseUrl, sandbox } = environment;
      const child = spawn(process.execPath, ['--no-deprecation', program], {
        env: workerEnvironment({ PATH: process.env.PATH, ...own, ...settings }, databaseUrl, sandbox),
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      children.push(child);
      return child;
    },
    async stop() {
      for (const child of children.splice(0)) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** The same program, but for the version it says it has. */
function versioned(version: string): Plugin {
  return {
    name: 'version',
    setup(bundler) {
      bundler.onLoad({ filter: /run\/durable\.ts$/ }, ({ path }) => {
        const contents = readFileSync(path, 'utf8').replace(/(?<=engineVersion = ')\d+/, version);
        return { loader: 'ts', contents };
      });
    },
  };
}
