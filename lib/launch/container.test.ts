import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Dockerfile, DockerfileParser } from 'dockerfile-ast';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { invariant } from '@/lib/invariant';
import { parseSettings } from '@/lib/settings';
import { findFreePorts } from '@/testing/launch/find-free-ports';

/*
 * The steps of the Dockerfile, run in a folder instead of an image, because the machines that run the tests have no
 * builder: the build with the packages of production alone, and the start as a user who can't write to the code.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const dockerfile = DockerfileParser.parse(read('Dockerfile'));

/** Returns the arguments of the instructions with a keyword, in a stage from 0. */
function argumentsOf(keyword: string, stage: number): readonly string[] {
  return dockerfile
    .getInstructions()
    .filter(
      (each) => each.getKeyword() === keyword && stageOf(dockerfile, each.getRange().start.line) === stage,
    )
    .map((each) => each.getArgumentsContent() ?? '');
}

function stageOf(file: Dockerfile, line: number): number {
  return file.getFROMs().filter((from) => from.getRange().start.line <= line).length - 1;
}

/** Returns the command of an instruction in its JSON form, with this Node. */
function commandOf(json: string): readonly string[] {
  const [program, ...args] = JSON.parse(json.slice(json.indexOf('['))) as string[];
  expect(program).toBe('node');
  return args;
}

let folder: string;
let app: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-container-'));
  app = join(folder, 'app');
  mkdirSync(app);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string): void {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: app, encoding: 'utf8' });
  invariant(status === 0, `${command} succeeds:\n${stdout}\n${stderr}`);
}

/** Copies what the second COPY of the build copies: everything that .dockerignore doesn't name. */
function copyAll(): void {
  const ignored = new Set(read('.dockerignore').split('\n').filter(Boolean));
  cpSync(root, app, {
    recursive: true,
    filter: (source) => {
      const path = source.slice(root.length);
      return !ignored.has(path) && !(path.endsWith('.tsbuildinfo') && ignored.has('*.tsbuildinfo'));
    },
  });
}

it('builds with the packages of production, and runs as a user who can’t change the code', async () => {
  expect(argumentsOf('COPY', 0)).toEqual(['package.json package-lock.json ./', '. .']);
  for (const name of ['package.json', 'package-lock.json'])
    cpSync(join(root, name), join(app, basename(name)));
  const [install = '', build = ''] = argumentsOf('RUN', 0);
  run(install);
  expect(existsSync(join(app, 'node_modules/@biomejs/biome')), 'development packages are left out').toBe(
    false,
  );
  copyAll();
  run(build);
  run('chmod -R a-w . && chmod -R a+rX .');

  expect(argumentsOf('USER', 1)).toEqual(['node']);
  // Debian's user `nobody`, in place of the image's `node`; without root this is the user of the test.
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  run(`chmod a+rx ${folder}`);
  if ('uid' in user) run(`chown ${user.uid}:${user.gid} ${data}`);
  const [port, api, control, dns, resolver] = await findFreePorts(5);
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production' as const,
    SPILLWAY_DATA_DIR: data,
    PORT: String(port),
    SPILLWAY_SANDBOX_PORT: String(api),
    SPILLWAY_SANDBOX_CONTROL_PORT: String(control),
    SPILLWAY_SANDBOX_DNS_PORT: String(dns),
    SPILLWAY_SANDBOX_RESOLVER_PORT: String(resolver),
    SPILLWAY_VIP_NETWORK: '127.181.0.0/16',
  };
  const checkHealth = () =>
    spawnSync(process.execPath, commandOf(argumentsOf('HEALTHCHECK', 1)[0] ?? ''), {
      cwd: app,
      env,
      ...user,
      encoding: 'utf8',
    });
  expect(checkHealth()).toMatchObject({ status: 1, stderr: expect.stringContaining('doesn’t answer') });

  const before = listFiles(app);
  const own = spawn(process.execPath, commandOf(argumentsOf('CMD', 1)[0] ?? ''), {
    cwd: app,
    env,
    ...user,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const ended = new Promise<void>((resolve) => own.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve) => {
    for (const stream of [own.stdout, own.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (line.startsWith('Spillway is ready')) resolve();
      });
  });
  await Promise.race([ready, ended]);
  const health = checkHealth();
  own.kill('SIGTERM');
  await ended;
  expect(lines.join('\n')).toContain('Spillway is ready');
  expect(health).toMatchObject({ status: 0, stderr: '' });
  expect(listFiles(app)).toEqual(before);
}, 600_000);

function listFiles(of: string): readonly string[] {
  return readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path} ${statSync(path).size}`)
    .toSorted();
}

it('has a Compose file whose settings are valid', () => {
  const given: Readonly<Record<string, string>> = {
    SPILLWAY_HOST: 'spillway.example.com',
    SPILLWAY_LINK_KEY: Buffer.alloc(32).toString('base64'),
  };
  const text = read('compose.yaml').replaceAll(
    /\$\{(\w+)(?::[-?][^}]*)?\}/g,
    (_all, name) => given[name] ?? 'given',
  );
  const { services, configs } = parse(text, { merge: true }) as {
    services: Record<
      string,
      {
        environment: Record<string, string>;
        read_only?: boolean;
        networks: Record<string, { ipv4_address?: string }>;
      }
    >;
    configs: Record<string, { content: string }>;
  };
  for (const name of ['web', 'worker']) {
    const service = services[name];
    expect(service?.read_only).toBe(true);
    expect(parseSettings(service?.environment ?? {})).toMatchObject({
      ok: true,
      value: { SPILLWAY_ROLE: name },
    });
    const environment = service?.environment ?? {};
    const roles = ['DATABASE_URL', 'SPILLWAY_WEB_DATABASE_URL', 'SPILLWAY_WORKER_DATABASE_URL'].map(
      (setting) => new URL(environment[setting] ?? '').username,
    );
    expect(roles).toEqual(['spillway', 'spillway_web', 'spillway_worker']);
    for (const role of roles.slice(1)) expect(configs.roles?.content).toContain(`create role ${role} login`);
    expect(environment.SPILLWAY_TRUSTED_PROXIES).toBe(services.proxy?.networks.inside?.ipv4_address);
  }
});
