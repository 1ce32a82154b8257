import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Plugin } from 'esbuild';
import { workerEnvironment } from '@/lib/launch/processes/child-environment';
import { type SupervisedService, supervise } from '@/lib/launch/processes/supervise';
import { testKeys } from './test-keys';
import { bundleTestProgram } from './test-program';

type OwnSettings = Readonly<Record<string, string>>;

/** Worker processes as the launcher starts them, for tests that kill, freeze and disconnect them. */
export type TestWorkers = {
  /** Their data directory. */
  readonly folder: string;
  /** Starts one, without waiting until it is ready. */
  spawn(name: string, settings?: OwnSettings): ChildProcess;
  /**
   * Starts one under the launcher's supervisor, which restarts it, and waits until it is ready.
   * @param settingsOf its settings for each start, counted from 1
   * @returns the signal or exit code of each process
   */
  supervise(name: string, settingsOf?: (life: number) => OwnSettings): Promise<readonly string[]>;
  /** Stops those that are running. */
  stop(): Promise<void>;
  /** Deletes the bundle. */
  remove(): void;
};

/**
 * Bundles the worker, as the build does.
 * @param environment the database and the sandbox's line; without it there is no sandbox
 * @param changes its differences from this build
 */
export async function testWorkers(
  environment: { readonly databaseUrl: string; readonly sandbox?: string },
  ...changes: readonly Plugin[]
): Promise<TestWorkers> {
  const { folder, file, remove } = await bundleTestProgram('lib/launch/worker.ts', ...changes);
  const children: ChildProcess[] = [];
  const services: SupervisedService<true>[] = [];
  const start: TestWorkers['spawn'] = (name, settings = {}) => {
    const own = { SPILLWAY_WORKER_NAME: name, SPILLWAY_DATA_DIR: folder, SPILLWAY_LOG_LEVEL: 'warn' };
    const { databaseUrl, sandbox } = environment;
    const child = spawn(process.execPath, ['--no-deprecation', file], {
      env: workerEnvironment({ PATH: process.env.PATH, ...own, ...settings }, databaseUrl, testKeys, sandbox),
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
    remove,
  };
}
