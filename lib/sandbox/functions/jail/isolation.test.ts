import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createFunctionRuntime } from '@/lib/sandbox/functions/runtime';
import { findPythons } from '@/lib/sandbox/functions/runtimes/python-runtime';
import { zipSeedFiles } from '@/lib/sandbox/seeds/parts';
import type { Isolation } from './isolation';

const log = pino({ level: 'silent' });

/** Tries everything that function code must not be able to do; returns what succeeded. */
const attack = `
import os, socket

def managed(action):
    try:
        return bool(action())
    except BaseException:
        return False

def connected(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as s:
        s.settimeout(2)
        s.connect(address)
    return True

def write(path):
    with open(path, 'w') as f:
        f.write('x')
    return True

def main_handler(event, context):
    here = os.getcwd()
    tried = {
        'read the environment of the app': lambda: open('/proc/%d/environ' % event['pid'], 'rb').read(),
        'read the environment of its parent': lambda: open('/proc/%d/environ' % os.getppid(), 'rb').read(),
        'read a secret file': lambda: open(event['secret']).read(),
        'list the data directory': lambda: os.listdir(event['dataDir']) or True,
        'find a variable of the app': lambda: event['variable'] in os.environ or event['variable'] in open('/proc/self/environ').read(),
        'connect to a socket of the app': lambda: connected(socket.AF_UNIX, event['socket']),
        'signal the app': lambda: os.kill(event['pid'], 0) or True,
        'write into its code': lambda: write(here + '/new.py'),
        'change its code': lambda: write(here + '/index.py'),
        'make its code writable': lambda: os.chmod(here, 0o777) or write(here + '/new.py'),
        'become root': lambda: os.setuid(0) or write('/etc/spillway-was-here'),
        'lift its memory limit': lambda: __import__('resource').setrlimit(9, (-1, -1)) or True,
        'keep descriptors of the app': lambda: any(os.fstat(fd) for fd in range(5, 1024) if managed(lambda: os.fstat(fd) or True)),
        'connect to a port of the app': lambda: connected(socket.AF_INET, ('127.0.0.1', event['port'])),
    }
    return [name for name, action in tried.items() if managed(action)]
`;

/** The same in JavaScript, with attempts that are easier there. */
const nodeAttack = `
const fs = require('fs'), net = require('net');

const connected = (target) => new Promise((resolve) => {
  const socket = net.connect(target);
  socket.on('connect', () => resolve(true));
  socket.on('error', () => resolve(false));
});

exports.main_handler = async (event) => {
  const here = process.cwd();
  const write = (path) => { fs.writeFileSync(path, 'x'); return true; };
  const read = (path) => fs.readFileSync(path).length > 0;
  const tried = {
    'read the environment of the app': () => read('/proc/' + event.pid + '/environ'),
    'read the environment of its parent': () => read('/proc/' + process.ppid + '/environ'),
    'read the memory of the app': () => fs.openSync('/proc/' + event.pid + '/mem', 'r') > 0,
    'read a secret file': () => read(event.secret),
    'list the data directory': () => fs.readdirSync(event.dataDir).length >= 0,
    'find a variable of the app': () => event.variable in process.env || fs.readFileSync('/proc/self/environ', 'utf8').includes(event.variable),
    'connect to a socket of the app': () => connected(event.socket),
    'signal the app': () => process.kill(event.pid, 0),
    'write into its code': () => write(here + '/new.js'),
    'change its code': () => write(here + '/index.js'),
    'make its code writable': () => { fs.chmodSync(here, 0o777); return write(here + '/new.js'); },
    'become root': () => { process.setuid(0); return write('/etc/spillway-was-here'); },
    'lift its memory limit': () => {
      require('child_process').execFileSync('prlimit', ['--pid', String(process.pid), '--data=unlimited:unlimited'], { stdio: 'ignore' });
      return true;
    },
    'keep descriptors of the app': () => fs.readdirSync('/proc/self/fd').some((fd) => {
      try { return fs.readlinkSync('/proc/self/fd/' + fd).startsWith(event.dataDir); } catch { return false; }
    }),
    'connect to a port of the app': () => connected({ host: '127.0.0.1', port: event.port }),
  };
  const managed = [];
  for (const [name, action] of Object.entries(tried)) {
    try { if (await action()) managed.push(name); } catch {}
  }
  return managed;
};
`;

const attackCode = {
  uin: '100000000001',
  appId: 1250000001,
  region: 'ap-singapore',
  namespace: 'default',
  name: 'attack',
  version: '1',
  handler: 'index.main_handler',
  memoryMb: 256,
  timeoutS: 30,
  initTimeoutS: 20,
  environment: {},
};
const attackPython = { ...attackCode, runtime: 'Python3.9', zip: zipSeedFiles({ 'index.py': attack }) };
const attacks = {
  Python: attackPython,
  Pyodide: attackPython,
  'Node.js': { ...attackCode, runtime: 'Nodejs18.15', zip: zipSeedFiles({ 'index.js': nodeAttack }) },
};
type Language = keyof typeof attacks;
/** Both Pythons, if this machine has one of its own. */
const hasNative = (await findPythons(process.env.PATH ?? '')).length > 0;
const languages: readonly Language[] = [...(hasNative ? (['Python'] as const) : []), 'Pyodide', 'Node.js'];

// Pyodide creates its snapshot first.
describe('function code is isolated from the application', () => {
  let dataDir = '';
  const unix = createServer((socket) => socket.end());
  const tcp = createServer((socket) => socket.end());
  const variable = 'SPILLWAY_ISOLATION_TEST';

  beforeAll(async () => {
    process.env[variable] = 'a secret';
    dataDir = await mkdtemp(join(tmpdir(), 'spillway-data-'));
    await chmod(dataDir, 0o700);
    await writeFile(join(dataDir, 'secret'), 'a secret', { mode: 0o600 });
    await once(unix.listen(join(dataDir, 'db.sock')), 'listening');
    await once(tcp.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(async () => {
    delete process.env[variable];
    unix.close();
    tcp.close();
    await rm(dataDir, { recursive: true });
  });

  /** Pyodide opens no connections. */
  const portCases = (language: Language) => (language === 'Pyodide' ? [] : ['connect to a port of the app']);

  async function managed(
    language: Language,
    isolations: readonly Isolation[],
  ): Promise<{ used: Isolation; list: string[] }> {
    const python = language === 'Pyodide' ? 'pyodide' : 'native';
    const runtime = createFunctionRuntime({ log, isolations, python });
    const { port } = tcp.address() as AddressInfo;
    const event = {
      pid: process.pid,
      secret: join(dataDir, 'secret'),
      socket: join(dataDir, 'db.sock'),
      dataDir,
      variable,
      port,
    };
    const { result } = await runtime.invoke(attacks[language], event, 'r');
    const { isolation } = await runtime.facts;
    await runtime.stop();
    if (result.kind !== 'answer') expect.fail(JSON.stringify(result));
    return { used: isolation, list: z.array(z.string()).parse(result.value) };
  }

  it.each(languages)(
    'no attack in %s succeeds in the strongest isolation that this machine allows, or the runtime reports a weaker one',
    async (language) => {
      const { used, list } = await managed(language, ['jail', 'user', 'weak']);
      const open: Record<Isolation, unknown> = {
        jail: [],
        user: portCases(language),
        weak: expect.arrayContaining(portCases(language)),
      };
      expect(list).toEqual(open[used]);
    },
  );

  it.each(languages)(
    'attacks in %s reach only loopback ports as root without namespaces; without root, the runtime reports weak isolation',
    async (language) => {
      const { used, list } = await managed(language, ['user', 'weak']);
      expect(used).toBe(process.getuid?.() === 0 ? 'user' : 'weak');
      if (used === 'user') expect(list).toEqual(portCases(language));
    },
  );

  it.each(['jail', 'user'] as const)(
    'kills processes that left their process group (%s)',
    async (isolation) => {
      const mark = `spillway-escaped-${isolation}-${process.pid}`;
      const source = `
import subprocess
def main_handler(event, context):
    subprocess.Popen(['sh', '-c', 'sleep 30; : ${mark}'], start_new_session=True)
`;
      const runtime = createFunctionRuntime({ log, isolations: [isolation, 'weak'] });
      const { result } = await runtime.invoke(
        { ...attacks.Python, zip: zipSeedFiles({ 'index.py': source }) },
        {},
        'r',
      );
      expect(result.kind).toBe('answer');
      // The parent runs a moment longer before /proc shows the new command line.
      await vi.waitFor(async () => expect(await processesWith(mark)).toBeGreaterThan(0));
      await runtime.stop();
      if ((await runtime.facts).isolation !== 'weak')
        await vi.waitFor(async () => expect(await processesWith(mark)).toBe(0));
    },
  );
});

/** Returns the number of running processes that have a text in their command line. */
async function processesWith(text: string): Promise<number> {
  const lines = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map((name) => readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(text)).length;
}
