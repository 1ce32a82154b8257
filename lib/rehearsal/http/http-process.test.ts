import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RehearsalEndedError, startRehearsalProcess } from '@/lib/rehearsal/event/start-rehearsal-process';
import { bundleTestProgram, type TestProgram } from '@/testing/launch/test-program';
import { testSwitch } from '@/testing/plan/test-estate';
import { testRehearsal } from '@/testing/rehearsal/test-rehearsal';

let program: TestProgram;
let temporary: string;

beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'spillway-http-'));
  program = await bundleTestProgram('lib/rehearsal/event/main.ts');
}, 60_000);
afterAll(() => {
  program.remove();
  rmSync(temporary, { recursive: true });
});

function input() {
  const made = testRehearsal({ diversion: testSwitch() });
  return { ...made, goals: { ...made.goals, waitP95Ms: null }, http: { rps: 40, minutes: 0.2 } };
}

/** Returns the TCP ports of 127.0.0.1 at which a process listens (Linux). */
function listListening(pid: number): readonly number[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        // It was closed meanwhile.
        return '';
      }
    }),
  );
  return readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      const [address, port = ''] = local.split(':');
      const isListening = state === '0A' && sockets.has(`socket:[${inode}]`);
      if (!isListening) return [];
      // Little endian: 127.0.0.1.
      expect(address).toBe('0100007F');
      return [Number.parseInt(port, 16)];
    });
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Starts one, and resolves when it has reported progress. */
async function begin() {
  let told = () => {};
  const begun = new Promise<void>((resolve) => {
    told = resolve;
  });
  const started = startRehearsalProcess(program.file, { input: input() }, { onProgress: () => told() });
  await Promise.race([begun, started.result]);
  return started;
}

describe.runIf(process.platform === 'linux')('a rehearsal over HTTP in its own process', () => {
  it('listens on 127.0.0.1 alone, and leaves no process, port or file when it is canceled', async () => {
    vi.stubEnv('TMPDIR', temporary);
    try {
      const { pid, cancel, result } = await begin();
      const ports = listListening(pid);
      // The API twice, the control API, DNS over TCP twice, and two load balancers.
      expect(ports.length).toBeGreaterThanOrEqual(7);
      expect(await Promise.all(ports.map(isOpen))).toEqual(ports.map(() => true));
      cancel();
      await expect(result).rejects.toThrow(RehearsalEndedError);
      expect(isRunning(pid)).toBe(false);
      expect(await Promise.all(ports.map(isOpen))).toEqual(ports.map(() => false));
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  }, 60_000);

  it('ends when the process that started it is killed', async () => {
    const work = join(program.folder, 'work.json');
    writeFileSync(work, JSON.stringify({ input: input() }));
    const parent = await bundleTestProgram('testing/rehearsal/rehearsal-parent.ts');
    try {
      const child = spawn(process.execPath, [parent.file, program.file, work], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      // It prints the process of the rehearsal once that has reported progress.
      const [line] = await once(child.stdout, 'data');
      const pid = Number(String(line));
      expect(isRunning(pid)).toBe(true);
      child.kill('SIGKILL');
      await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000 });
    } finally {
      parent.remove();
    }
  }, 60_000);

  it('ends with a report of the mode', async () => {
    const { result } = startRehearsalProcess(program.file, { input: input() });
    const { report, drill } = await result;
    expect(drill).toBeNull();
    const { mode, run, totals } = JSON.parse(report);
    expect([mode, run.state]).toEqual(['http', 'reverted']);
    // A busy machine loses a few requests, and misses goals of time.
    expect(totals.lost / totals.offered).toBeLessThan(0.02);
  }, 60_000);
});
