import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestPage } from '@/testing/sandbox/data-plane/test-world';
import type { ServedAddress } from './data-plane/data-plane';
import type { KeyPair } from './data-plane/tls/authority';
import { type Announcement, startSandbox } from './sandbox';

/** A user without any rights on this machine: `nobody`. */
const nobody = 65_534;

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-unprivileged-'));
  await chmod(folder, 0o777);
  file = join(folder, 'sandbox.mjs');
  await build({
    entryPoints: [resolve(import.meta.dirname, 'main.ts')],
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
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Returns the first port that any user of this machine may bind. */
async function firstFreePort(): Promise<number> {
  const setting = '/proc/sys/net/ipv4/ip_unprivileged_port_start';
  return Number(await readFile(setting, 'utf8').catch(() => '1024'));
}

async function callControl<T>({ control }: Announcement, path: string): Promise<T> {
  const { url, token } = control ?? expect.fail('there is no control API');
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return answer.json() as Promise<T>;
}

async function readAddresses(announcement: Announcement): Promise<ServedAddress[]> {
  return (await callControl<{ addresses: ServedAddress[] }>(announcement, '/addresses')).addresses;
}

it('starts for an unprivileged user, with the load balancers at the announced ports', async () => {
  const isRoot = process.getuid?.() === 0;
  const flags = ['--seed', 'small', '--vip-network', '127.104.0.0/16', '--control'];
  const sandbox = spawn(process.execPath, [file, ...flags], {
    cwd: folder,
    env: { ...process.env, HOME: folder, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(isRoot && { uid: nobody, gid: nobody }),
  });
  try {
    const [line] = await once(createInterface({ input: sandbox.stdout }), 'line');
    const announcement = JSON.parse(line) as Announcement;
    const { portOffset } = announcement;
    if (isRoot && (await firstFreePort()) > 80) expect(portOffset).toBe(20_000);
    const answer = await requestPage(
      { host: '127.104.1.1', port: 80 + portOffset },
      { host: 'shop.example.com', headers: { accept: 'application/json' } },
    );
    expect(JSON.parse(answer.body)).toMatchObject({ instanceId: expect.stringMatching(/^ins-web/) });
    expect(await readAddresses(announcement)).toContainEqual({
      loadBalancerId: 'lb-cvm00001',
      vip: '127.104.1.1',
      port: 80,
      protocol: 'HTTP',
      host: '127.104.1.1',
      realPort: 80 + portOffset,
    });
  } finally {
    sandbox.kill('SIGTERM');
    await once(sandbox, 'exit');
  }
});

it('gives every listener a port where only 127.0.0.1 works; clients of the announced authority trust its TLS', async () => {
  const sandbox = await startSandbox({
    port: 0,
    dnsPort: 0,
    controlPort: 0,
    taskMs: 1000,
    stateFile: null,
    seed: 'flash-sale',
    vipNetwork: '127.104.0.0/16',
    addressMode: 'shared',
    log: pino({ level: 'silent' }),
  });
  try {
    const { announcement } = sandbox;
    const addresses = await readAddresses(announcement);
    expect(new Set(addresses.map(({ host }) => host))).toEqual(new Set(['127.0.0.1']));
    expect(new Set(addresses.map(({ realPort }) => realPort)).size).toBe(addresses.length);
    const https = addresses.find(
      (each) => each.protocol === 'HTTPS' && each.loadBalancerId === 'lb-q7w2m5rc',
    );
    const { host, realPort } = https ?? expect.fail('no HTTPS listener');
    const answer = await requestPage(
      { host, port: realPort },
      { host: 'event.example.co.id', tls: { ca: announcement.authority } },
    );
    expect(answer.status).toBe(200);
    const shown = await callControl<KeyPair>(announcement, '/client-certificate?ca=Qc2mX9bL');
    expect(new X509Certificate(shown.certificate).issuer).toBe('CN=Example Partner CA');
    expect(await callControl(announcement, '/client-certificate?ca=cert8Kq2x')).toEqual({
      error: 'ca: there is no CA certificate cert8Kq2x',
    });
  } finally {
    await sandbox.stop();
  }
});
