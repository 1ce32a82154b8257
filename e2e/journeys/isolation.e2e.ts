import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { expect } from 'playwright/test';
import { clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/index.js';
import { scf } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/index.js';
import { dashboardKeyFile, readDashboardKeys } from '@/lib/dashboard-key-file';
import type { Announcement } from '@/lib/sandbox/sandbox';
import { readSealingKeys, sealingKeyFile } from '@/lib/sealing-key-file';
import { type App, test } from '../support/app';
import { type AttackAims, attackInTheOpen, attackSource, zipBase64 } from '../support/attack-function';
import { sdkConfig } from '../support/client-config';
import { requestHttp } from '../support/requests';

/** Returns the launcher and its child processes, with their command lines. */
function listProcesses({ launcherPid }: App): readonly { pid: number; args: readonly string[] }[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readParent(pid) === launcherPid || Number(pid) === launcherPid);
  return pids.map((pid) => ({
    pid: Number(pid),
    args: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'),
  }));
}

/** Returns null for a process that has just ended. */
function readParent(pid: string): number | null {
  try {
    // The command name before it may contain any character and ends with the last parenthesis:
    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const [, , parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').split(' ');
    return Number(parent);
  } catch {
    return null;
  }
}

function argument(args: readonly string[], start: string): string | undefined {
  return args.find((arg) => arg.startsWith(start))?.slice(start.length);
}

function aimsAt(app: App): AttackAims {
  const { dataDir, sandbox, baseURL } = app;
  const processes = listProcesses(app);
  const postgres = processes.find(({ args }) => argument(args, 'unix_socket_directories='))?.args ?? [];
  const data = postgres[postgres.indexOf('-D') + 1] ?? '';
  const socketFolder = argument(postgres, 'unix_socket_directories=') ?? '';
  const parsePort = (url: string) => Number(new URL(url).port);
  return {
    pids: processes.map(({ pid }) => pid),
    folders: [dataDir, join(dataDir, 'sandbox'), join(dataDir, 'log'), data, socketFolder],
    files: [
      join(dataDir, 'sandbox/world.json'),
      join(dataDir, 'sandbox/world.keys.json'),
      join(dataDir, 'sandbox/connection.json'),
      join(dataDir, 'log/spillway.log'),
      join(dataDir, 'sealing-keys.json'),
      join(dataDir, 'dashboard-keys.json'),
      join(data, 'PG_VERSION'),
    ],
    socket: join(socketFolder, '.s.PGSQL.5432'),
    ports: {
      dashboard: parsePort(baseURL),
      'sandbox API': parsePort(sandbox.api),
      'control API': parsePort(sandbox.control?.url ?? ''),
    },
    // SCF itself gives its functions other variables whose names begin with TENCENTCLOUD.
    settings: ['SPILLWAY', 'DATABASE_URL', 'TENCENTCLOUD_SECRET', 'TENCENTCLOUD_TOKEN'],
  };
}

function createClients(sandbox: Announcement) {
  const config = sdkConfig(sandbox, 'ap-singapore');
  return { balancers: new clb.v20180317.Client(config), functions: new scf.v20180416.Client(config) };
}

/**
 * Deploys code, serves it through lb-sin-flash, sends one request through the VIP, and removes rule and binding again.
 */
async function invokeSource(sandbox: Announcement, source: string): Promise<string> {
  const { balancers, functions } = createClients(sandbox);
  const finished = async (call: Promise<{ RequestId?: string }>) => {
    const { RequestId: TaskId = '' } = await call;
    await expect.poll(async () => (await balancers.DescribeTaskStatus({ TaskId })).Status).toBe(0);
  };
  const name = { FunctionName: 'isolation-attack', Namespace: 'default' };
  const more = { Runtime: 'Python3.10', Handler: 'index.main_handler', Timeout: 50, MemorySize: 256 };
  await functions.CreateFunction({ ...name, ...more, Code: { ZipFile: zipBase64(source) } });
  await expect.poll(async () => (await functions.GetFunction(name)).Status).toBe('Active');

  const { LoadBalancerSet: [balancer] = [] } = await balancers.DescribeLoadBalancers({
    LoadBalancerName: 'lb-sin-flash',
  });
  const { LoadBalancerId = '', LoadBalancerVips: [vip = ''] = [] } = balancer ?? {};
  const { Listeners: [listener] = [] } = await balancers.DescribeListeners({ LoadBalancerId, Port: 80 });
  const place = { LoadBalancerId, ListenerId: listener?.ListenerId ?? '' };
  const rule = { Domain: 'isolation.example.co.id', Url: '/' };
  const target = {
    Function: {
      FunctionNamespace: name.Namespace,
      FunctionName: name.FunctionName,
      FunctionQualifier: '$LATEST',
    },
  };
  const binding = { ...place, ...rule, FunctionTargets: [target] };
  await finished(balancers.CreateRule({ ...place, Rules: [rule] }));
  try {
    await finished(balancers.RegisterFunctionTargets(binding));
    const { status, body } = await requestHttp(sandbox, vip, rule.Domain);
    await finished(balancers.DeregisterFunctionTargets(binding));
    expect(status, body).toBe(200);
    return body;
  } finally {
    await finished(balancers.DeleteRule({ ...place, ...rule }));
  }
}

test('a function in the sandbox cannot reach anything of the app', async ({ app }) => {
  const { isolation } = app.sandbox;
  const aims = aimsAt(app);
  // The launcher, and database, sandbox, worker and dashboard with a guard each.
  expect(aims.pids).toHaveLength(9);
  const managed: unknown = JSON.parse(await invokeSource(app.sandbox, attackSource(aims)));
  const ports = Object.keys(aims.ports).map((name) => `connect to the ${name}`);
  // If isolation is not guaranteed, the app reports that the function runs as its own user.
  expect(managed).toEqual({ jail: [], user: ports, weak: expect.any(Array) }[isolation]);

  const everything = attackInTheOpen(aims);
  const possible = aims.pids.length + aims.folders.length + aims.files.length + ports.length + 2;
  expect(everything, everything.join('\n')).toHaveLength(possible);
});

test("the control API's token is only in its owner's file", async ({ app }) => {
  const { sandbox, dataDir } = app;
  const token = sandbox.control?.token ?? '';
  expect(token.length).toBeGreaterThanOrEqual(32);
  expect(new URL(sandbox.control?.url ?? '').hostname).toBe('127.0.0.1');
  expect(statSync(join(dataDir, 'sandbox')).mode & 0o777).toBe(0o700);
  for (const file of ['connection.json', 'control.json', 'world.json', 'world.keys.json'])
    expect(statSync(join(dataDir, 'sandbox', file)).mode & 0o777).toBe(0o600);
  // Generated for this data folder: the launcher never uses well-known keys.
  for (const { secretId } of sandbox.accounts) expect(secretId).toMatch(/^AKIDsandbox[0-9a-f]{24}$/);
  for (const name of readdirSync(join(dataDir, 'log'))) {
    const log = readFileSync(join(dataDir, 'log', name), 'utf8');
    for (const secret of [token, ...sandbox.accounts.map(({ secretKey }) => secretKey)])
      expect(log).not.toContain(secret);
  }
});

/** Returns every row of every table, of the engine's, too. */
async function dumpDatabase(app: App): Promise<string> {
  const { owner } = JSON.parse(readFileSync(join(app.dataDir, 'database-passwords.json'), 'utf8'));
  const client = new pg.Client({
    host: dirname(aimsAt(app).socket),
    user: 'spillway',
    password: owner,
    database: 'spillway',
  });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select query_to_xml(format('select * from %I.%I', schemaname, tablename), true, false, '')::text as text
       from pg_tables where schemaname in ('public', 'dbos', 'drizzle')`,
    );
    return rows.map(({ text }) => text).join('\n');
  } finally {
    await client.end();
  }
}

test('a copy of the database opens no session: it has neither their tokens nor a key', async ({ app }) => {
  const dump = await dumpDatabase(app);
  const cookies = app.cookies.map((cookie) => decodeURIComponent(cookie.split(/=(.*)/s)[1] ?? ''));
  const tokens = cookies.map((value) => value.split('.')[0] ?? '');
  const keys = readDashboardKeys(join(app.dataDir, dashboardKeyFile)).flatMap(({ actions, links }) => [
    actions,
    links,
  ]);
  const secrets = [...tokens, ...keys, ...readSealingKeys(join(app.dataDir, sealingKeyFile))];
  // A session, two keys of the dashboard and one of the worker; all are random.
  expect(secrets.length).toBeGreaterThanOrEqual(4);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThanOrEqual(20);
    expect(dump).not.toContain(secret);
  }
  const hashes = tokens.map((token) => createHash('sha256').update(token).digest('hex'));
  expect(hashes.filter((hash) => dump.includes(hash))).toHaveLength(1);
});
