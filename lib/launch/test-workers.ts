import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { invariant } from '@/lib/invariant';
import { workerEnvironment } from './child-environment';
import { type Service, supervise } from './supervise';

type OwnSettings = Readonly<Record<string, string>>;

/** Worker processes as the launcher starts them, for tests that kill, freeze and cut them off. */
export type TestWorkers = {
  /** Their data directory. */
  readonly folder: string;
  /** Starts one, and does not wait until it is ready. */
  spawn(name: string, settings?: OwnSettings): ChildProcess;
  /**
   * Starts one that the launcher's supervision starts again, and waits until it is ready.
   * @param settingsOf what it is told in each of its lives, counted from 1
   * @returns what its lives ended with, signal or code
   */
  supervise(name: string, settingsOf?: (life: number) => OwnSettings): Promise<readonly string[]>;
  /** Ends those that live. */
  stop(): Promise<void>;
  /** Takes the bundle away. */
  remove(): void;
};

const root = resolve(import.meta.dirname, '../..');

/**
 * Bundles the worker, as the build does.
 * @param environment database and sandbox's line
 * @param changes where it is to differ from this build
 */
export async function testWorkers(
  environment: { readonly databaseUrl: string; readonly sandbox: string },
  ...changes: readonly Plugin[]
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
    plugins: [...changes],
  });
  const children: ChildProcess[] = [];
  const services: Service<true>[] = [];
  const start: TestWorkers['spawn'] = (name, settings = {}) => {
    const own = { SPILLWAY_WORKER_NAME: name, SPILLWAY_DATA_DIR: folder, SPILLWAY_LOG_LEVEL: 'warn' };
    const { databaseUrl, sandbox } = environment;
    const child = spawn(process.execPath, ['--no-deprecation', program], {
      env: workerEnvironment({ PATH: process.env.PATH, ...own, ...settings }, databaseUrl, sandbox),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    children.push(child);
    return child;
  };
  return {
    folder,
    spawn: start,
    async supervise(name, settingsOf = () => ({})) {
      const ended: string[] = [];
      const service = supervise<true>({
        name,
        start: () => {
          const child = start(name, settingsOf(ended.length + 1));
          child.on('exit', (code, signal) => ended.push(String(signal ?? code)));
          return child;
        },
        ready: (said) => (said.kind === 'message' ? true : undefined),
        stopSignal: 'SIGTERM',
        stopWithinMs: 5000,
        log: { line: () => {}, say: () => {} },
      });
      services.push(service);
      await service.ready;
      return ended;
    },
    async stop() {
      await Promise.all(services.splice(0).map((service) => service.stop()));
      for (const child of children.splice(0)) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** What a later or an earlier build would be: the same program, but for the version it says it has. */
export function ofEngineVersion(version: string): Plugin {
  return changed(/run\/durable\.ts$/, /(?<=engineVersion = ')\d+/, version);
}

/** The same program, but for the time for which it watches a write in doubt: the sandbox's index does not lag. */
export function inDoubtFor(ms: number): Plugin {
  return changed(/run\/retry\.ts$/, /(?<=inDoubtMs = ).*(?= as const)/, `{ recordSet: ${ms}, rule: ${ms} }`);
}

function changed(file: RegExp, what: RegExp, by: string): Plugin {
  return {
    name: 'changed',
    setup(bundler) {
      bundler.onLoad({ filter: file }, ({ path }) => {
        const code = readFileSync(path, 'utf8');
        invariant(what.test(code), `${what} is found in ${path}`);
        return { loader: 'ts', contents: code.replace(what, by) };
      });
    },
  };
}
