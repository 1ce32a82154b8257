import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { invariant } from '@/lib/invariant';
import { workerEnvironment } from '@/lib/launch/processes/child-environment';
import { testKeys } from '@/testing/launch/test-keys';
import type { BenchCloud } from './bench-cloud';
import type { BenchDatabase } from './bench-database';

/** Worker processes by name, started as by the launcher. */
export type Workers = {
  /** Resolves when it is ready. */
  start(name: string): Promise<void>;
  /** SIGKILL; it is not restarted. */
  kill(name: string): void;
  stop(): Promise<void>;
};

export function workersOn({ url, folder }: BenchDatabase, { announcement }: BenchCloud): Workers {
  const children = new Map<string, ChildProcess>();
  return {
    async start(name) {
      const own = { SPILLWAY_WORKER_NAME: name, SPILLWAY_DATA_DIR: folder, SPILLWAY_LOG_LEVEL: 'error' };
      const child = spawn(process.execPath, ['--no-deprecation', '.build/worker.mjs'], {
        env: workerEnvironment(
          { PATH: process.env.PATH, ...own },
          url,
          testKeys,
          JSON.stringify(announcement),
        ),
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      children.set(name, child);
      await once(child, 'message');
    },
    kill(name) {
      const child = children.get(name);
      invariant(child, `the worker ${name} was started`);
      child.kill('SIGKILL');
    },
    async stop() {
      for (const child of children.values()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
  };
}
