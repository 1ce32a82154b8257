import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, watch, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clientConfig, createTestClients } from '@/testing/sandbox/test-cloud';
import type { Announcement } from '../sandbox';
import { seedNamed } from '../seeds/seeds';
import type { WorldTask } from '../world/task';
import { parseWorld } from './parse-world';

const vipNetwork = '127.118.0.0/16';
const uin = '100000000001';
const place = { LoadBalancerId: 'lb-scf00001', ListenerId: 'lbl-scf00001' };
const rounds = 6;

let folder = '';
let program = '';
let stateFile = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-killed-'));
  program = join(folder, 'sandbox.mjs');
  stateFile = join(folder, 'world.json');
  await build({
    entryPoints: [resolve(import.meta.dirname, '../main.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    alias: { '@': resolve('.') },
  });
});
afterAll(() => rm(folder, { recursive: true }));

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
});

/** Starts the sandbox as users do, and waits until it has printed its addresses. */
async function start() {
  const flags = ['--state', stateFile, '--seed', 'small', '--vip-network', vipNetwork, '--task-ms', '3000'];
  const started = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  const [line] = await once(createInterface({ input: started.stdout }), 'line');
  const { api, secretId, secretKey }: Announcement = JSON.parse(line);
  const { clb } = createTestClients(clientConfig(api, { secretId, secretKey }, 'ap-singapore'));
  return { clb, exited: once(started, 'exit'), kill: () => started.kill('SIGKILL') };
}

/** Kills at the nth event on the file or its draft: opened, written in parts, renamed. */
function killAt(count: number, kill: () => void): () => void {
  let seen = 0;
  const watcher = watch(folder, (_, name) => {
    if (name?.startsWith('world.json')) seen += 1;
    if (seen === count) kill();
  });
  return () => watcher.close();
}

const isRunning = (task: WorldTask) => task.outcome === 'running';

/** Reads the file, which must be complete sandbox data. */
function kept() {
  const parsed = parseWorld(JSON.parse(readFileSync(stateFile, 'utf8')));
  if (!parsed.ok) throw new Error(parsed.error);
  const account = parsed.value.accounts[uin];
  const rules = account?.loadBalancers[place.LoadBalancerId]?.listeners[0]?.rules ?? [];
  return { domains: rules.map((rule) => rule.domain), tasks: Object.values(account?.tasks ?? {}) };
}

test('continues from complete data after a kill at any moment of writing, and applies every task once', async () => {
  const world = seedNamed('small')(vipNetwork, Date.now());
  // Data that takes a while to write: most kills happen in the middle.
  Object.assign(world.accounts[uin]?.functions['ap-singapore/default/hello'] ?? {}, {
    zip: 'A'.repeat(2_000_000),
  });
  writeFileSync(stateFile, JSON.stringify(world));
  let goneOn = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const before = kept();
    const { clb, exited, kill } = await start();
    const running = before.tasks.filter(isRunning);
    for (const task of running) {
      await expect
        .poll(async () => (await clb.DescribeTaskStatus({ TaskId: task.id })).Status, { timeout: 20_000 })
        .toBe(0);
      goneOn += 1;
    }
    // The load balancer accepts one write and refuses the rest as busy; each of them changes the sandbox data, and the
    // file.
    const write = (index: number) =>
      clb
        .CreateRule({ ...place, Rules: [{ Domain: `r${round}-${index}.example.com`, Url: '/' }] })
        .catch(() => {});
    let index = 0;
    const old = new Set(before.tasks.map((task) => task.id));
    while (!kept().tasks.some((task) => isRunning(task) && !old.has(task.id))) await write(index++);
    const stopWatching = killAt(round, kill);
    // The call in progress during the kill simply fails.
    while (child?.exitCode === null && child.signalCode === null) await write(index++);
    await exited;
    stopWatching();
    const after = kept();
    expect(new Set(after.domains).size).toBe(after.domains.length);
    expect(after.domains).toEqual(expect.arrayContaining(before.domains));
    const done = after.tasks.filter((task) => task.outcome === 'done');
    expect(after.domains).toHaveLength(1 + done.length);
  }
  expect(goneOn).toBeGreaterThan(0);
});
