import { type ChildProcess, spawn } from 'node:child_process';
import { workerEnvironment } from '@/lib/launch/processes/child-environment';
import { supervise } from '@/lib/launch/processes/supervise';
import { testKeys } from '@/testing/launch/test-keys';
import type { BenchDatabase } from './bench-database';
import type { TimerReport } from './messages';

/** The bench's own worker (`worker.ts`), supervised as by the launcher. */
export type EngineWorker = {
  /** The id of its current process. */
  pid(): number;
  /** Its messages, across restarts. */
  onReport(listener: (report: TimerReport) => void): void;
  /**
   * Kills it (SIGKILL).
   * @returns the start and end of its downtime, in epoch ms, when it is ready again
   */
  fall(): Promise<{ readonly downAt: number; readonly upAt: number }>;
  stop(): Promise<void>;
};

export async function startEngineWorker({ url }: BenchDatabase): Promise<EngineWorker> {
  const listeners: ((report: TimerReport) => void)[] = [];
  let onUp = () => {};
  let child: ChildProcess | undefined;
  const service = supervise<true>({
    name: 'worker',
    start: () => {
      child = spawn(process.execPath, ['--no-deprecation', '.build/bench-engine-worker.mjs'], {
        env: workerEnvironment({ PATH: process.env.PATH }, url, testKeys, undefined),
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      return child;
    },
    ready: (said) => (said.kind === 'message' && !isReport(said.message) ? true : received(said)),
    onMessage: (message) => received({ kind: 'message', message }),
    onUp: () => onUp(),
    stopSignal: 'SIGTERM',
    stopWithinMs: 5000,
    log: { line: (_, __, line) => console.error(line), say: () => {} },
  });
  function received(said: { kind: string; message?: unknown }): undefined {
    if (isReport(said.message)) for (const listener of listeners) listener(said.message);
  }
  await service.ready;
  return {
    pid: () => child?.pid ?? Number.NaN,
    onReport: (listener) => void listeners.push(listener),
    async fall() {
      const downAt = Date.now();
      const up = new Promise<number>((resolve) => (onUp = () => resolve(Date.now())));
      child?.kill('SIGKILL');
      return { downAt, upAt: await up };
    },
    stop: () => service.stop(),
  };
}

function isReport(message: unknown): message is TimerReport {
  return typeof message === 'object' && message !== null && 'kind' in message;
}
