import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { invariant } from '@/lib/invariant';
import { setUpAdministrator } from '@/testing/launch/administrator';

/** Returns a free port, for TCP and most likely for UDP. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  invariant(typeof address === 'object' && address !== null, 'a listening server has an address');
  return address.port;
}

/**
 * Starts a complete built Spillway with its own ports and data, waits until it is ready, and signs in to it.
 * @param settings in addition
 */
export async function startSpillway(databaseUrl: string, settings: Readonly<Record<string, string>> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
  const [port, api, control, dns, resolver] = await Promise.all(Array.from({ length: 5 }, freePort));
  const launcher = spawn(process.execPath, ['lib/launch/start.mjs'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: String(port),
      SPILLWAY_ROLE: 'all',
      DATABASE_URL: databaseUrl,
      SPILLWAY_LOG_LEVEL: '',
      SPILLWAY_SIGN_IN: 'on',
      SPILLWAY_DATA_DIR: dataDir,
      SPILLWAY_SANDBOX_PORT: String(api),
      SPILLWAY_SANDBOX_CONTROL_PORT: String(control),
      SPILLWAY_SANDBOX_DNS_PORT: String(dns),
      SPILLWAY_SANDBOX_RESOLVER_PORT: String(resolver),
      SPILLWAY_VIP_NETWORK: '127.173.0.0/16',
      TENCENTCLOUD_SECRET_ID: '',
      TENCENTCLOUD_SECRET_KEY: '',
      ...settings,
    },
  });
  const ended = once(launcher, 'exit');
  const lines: string[] = [];
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: launcher.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('Spillway is ready')) resolve();
    });
  });
  await Promise.race([
    ready,
    ended.then(() => Promise.reject(new Error('Spillway ended before it was ready'))),
  ]);
  return {
    port: port ?? 0,
    pid: launcher.pid ?? 0,
    dataDir,
    /** The cookies of an administrator's session, each as `name=value`. */
    cookies: await setUpAdministrator(lines),
    async stop() {
      launcher.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
