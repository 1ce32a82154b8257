import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { zipOf } from '../data-plane/test-world';
import type { Isolation } from './isolation';

/** A sandbox of nothing but a function that spins; it says when the call is under way. */
const program = (isolation: Isolation) => `
import { pino } from 'pino';
import { createFunctionRuntime } from './runtime';
const log = pino({ level: 'debug' }, { write: (line) => { if (line.includes('spinning')) process.send('spinning'); } });
const zip = ${JSON.stringify(zipOf({ 'index.py': 'def main_handler(event, context):\n    print("spinning")\n    while True: pass' }))};
const identity = { uin: '1', appId: 1, region: 'r', namespace: 'default', name: 'spin', version: '1' };
createFunctionRuntime({ log, isolations: [${JSON.stringify(isolation)}, 'weak'] }).invoke(
  { ...identity, zip, handler: 'index.main_handler', runtime: 'Python3.9', memoryMb: 128, timeoutS: 900, initTimeoutS: 20, environment: {} }, {}, 'r');
`;

/** Ids of all processes below one, by /proc. */
async function descendants(pid: number): Promise<number[]> {
  const found = new Set([pid]);
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0));
  }
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const [child, parent] of parents) if (found.has(parent)) found.add(child);
  }
  found.delete(pid);
  return [...found];
}

async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return status !== '' && !/^State:\s*Z/m.test(status);
}

describe('a function under way', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-parent-'));
    await chmod(folder, 0o711);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['jail', 'user', 'weak'] as const)(
    'dies with the sandbox, killed without a chance to clean up (%s)',
    async (isolation) => {
      const outfile = join(folder, `${isolation}.mjs`);
      await build({
        stdin: { contents: program(isolation), resolveDir: resolve(import.meta.dirname), loader: 'ts' },
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile,
        banner: {
          js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
        },
        alias: { '@': resolve('.') },
      });
      const sandbox = spawn(process.execPath, [outfile], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: { ...process.env, TMPDIR: folder },
      });
      await once(sandbox, 'message');
      const children = await descendants(sandbox.pid ?? 0);
      expect(children.length).toBeGreaterThan(0);
      sandbox.kill('SIGKILL');
      await vi.waitFor(async () => {
        const left = await Promise.all(children.map(isAlive));
        expect(left).not.toContain(true);
      }, 10_000);
    },
  );
});
