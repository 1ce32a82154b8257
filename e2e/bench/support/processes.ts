import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A program that announces its addresses in its first line on stdout, as JSON. */
export type Started<Announcement> = {
  readonly announcement: Announcement;
  /** Resident memory in MB, if the system reports it (Linux). */
  memoryMb(): number | null;
  stop(): Promise<void>;
};

/**
 * Starts a Node program.
 * @throws Error when it ends without an announcement
 */
export async function start<Announcement>(args: readonly string[]): Promise<Started<Announcement>> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const first = new Promise<string>((resolve) => lines.once('line', resolve));
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${args[0]} ended with ${code} before it was ready`);
  });
  const line = await Promise.race([first, ended]);
  ended.catch(() => {});
  return {
    announcement: JSON.parse(line) as Announcement,
    memoryMb: () => readMemory(child),
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

function readMemory({ pid }: ChildProcess): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}
