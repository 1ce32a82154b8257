import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { zipSeedFiles } from '../seeds/parts';
import type { Isolation } from './jail/isolation';

const spins = {
  Python: {
    runtime: 'Python3.9',
    zip: zipSeedFiles({
      'index.py': 'def main_handler(event, context):\n    print("spinning")\n    while True: pass',
    }),
  },
  'Node.js': {
    runtime: 'Nodejs18.15',
    zip: zipSeedFiles({ 'index.js': 'exports.main_handler = () => { console.log("spinning"); for (;;); }' }),
  },
};

/** A sandbox that runs only a busy-looping function, at the given isolation; it reports when the call is running. */
const program = `
import { pino } from 'pino';
import { createFunctionRuntime } from './runtime';
const [isolation, language] = process.argv.slice(2);
const log = pino({ level: 'debug' }, { write: (line) => { if (line.includes('spinning')) process.send('spinning'); } });
const identity = { uin: '1', appId: 1, region: 'r', namespace: 'default', name: 'spin', version: '1' };
const limits = { memoryMb: 128, timeoutS: 900, initTimeoutS: 20, environment: {} };
createFunctionRuntime({ log, isolations: [isolation, 'weak'] }).invoke(
  { ...identity, ...limits, ...${JSON.stringify(spins)}[language], handler: 'index.main_handler' }, {}, 'r');
`;

/** Returns the ids of all descendant processes, from /proc. */
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

describe('a running function', () => {
  let folder = '';
  let file = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-parent-'));
    await chmod(folder, 0o711);
    file = join(folder, 'sandbox.mjs');
    await build({
      stdin: { contents: program, resolveDir: resolve(import.meta.dirname), loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: file,
      banner: {
        js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
      },
      alias: { '@': resolve('.') },
    });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['jail', 'Python'],
    ['user', 'Python'],
    ['weak', 'Python'],
    ['jail', 'Node.js'],
    ['user', 'Node.js'],
    ['weak', 'Node.js'],
  ] satisfies [Isolation, keyof typeof spins][])(
    'dies with the sandbox when that is killed without cleanup (%s, %s)',
    async (isolation, language) => {
      const sandbox = spawn(process.execPath, [file, isolation, language], {
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
