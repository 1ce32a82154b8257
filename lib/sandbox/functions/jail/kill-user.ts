import { readdir, readFile } from 'node:fs/promises';

/**
 * Kills every process of a user (Linux). A function without its own namespace can leave its process group, but not its
 * user. Does nothing when /proc is missing.
 */
export async function killUserProcesses(uid: number): Promise<void> {
  const names = await readdir('/proc').catch(() => []);
  for (const name of names.filter((entry) => /^\d+$/.test(entry))) {
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    if (Number(/^Uid:\s*(\d+)/m.exec(status)?.[1]) !== uid) continue;
    try {
      process.kill(Number(name), 'SIGKILL');
    } catch (error) {
      // ESRCH: it has just ended on its own.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}
