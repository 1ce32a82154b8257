import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { strToU8, zipSync } from 'fflate';
import { clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/index.js';
import { scf } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/index.js';
import type { Announcement } from '@/lib/sandbox/sandbox';
import { type Figure, figure, percentile, report } from './support/figures';
import { type Started, start } from './support/processes';

/** `npm run bench:sandbox`: the speed of the sandbox, as ratios to peers measured in the same run. */
const { values: flags } = parseArgs({
  options: {
    json: { type: 'string' },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
  },
});
/**
 * The duration of each measurement of a round. The peers alternate, so that other load on the machine affects all of
 * them.
 */
const seconds = Number(flags.seconds);
const rounds = Number(flags.rounds);
const inFlight = 10;
const connections = 32;

type Ports = { readonly api: number; readonly backend: number; readonly proxy: number };

const sandboxProgram = '.build/sandbox.mjs';

function sandbox(
  seed: string,
  { network = '127.99.0.0/16', more = [] }: { network?: string; more?: readonly string[] } = {},
): Promise<Started<Announcement>> {
  const flags = ['--control', '--task-ms', '0', '--seed', seed, '--vip-network', network];
  return start([sandboxProgram, ...flags, ...more]);
}

type Keys = Pick<Announcement, 'secretId' | 'secretKey'>;

function clientConfig(endpoint: string, { secretId, secretKey }: Keys, region: string) {
  const agent = new Agent({ keepAlive: true });
  return {
    credential: { secretId, secretKey },
    region,
    profile: { httpProfile: { protocol: 'http://' as const, endpoint, agent } },
  };
}

/**
 * Runs the measurements alternately, in rounds.
 * @returns the result of each, by round
 */
async function inTurns<Name extends string>(
  measurements: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(measurements) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  // The first round is a warm-up and doesn't count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const value = await measurements[name]();
      if (round > 0) results[name].push(value);
    }
  }
  return results;
}

const median = (values: readonly number[]) => percentile(values, 0.5);

/** Returns the median of the ratios of the rounds. */
function ratio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
}

/** Returns the calls per second with a fixed number in flight. */
async function callsPerSecond(call: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  const end = begin + seconds * 1000;
  let count = 0;
  const lane = async () => {
    for (;;) {
      await call();
      if (performance.now() > end) return;
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return count / seconds;
}

/**
 * Returns the successful requests per second. A load balancer closes a connection after a number of requests, which
 * occasionally fails a request of the client: less than 1 % is tolerated.
 * @throws Error if any was rejected, or more failed, because the figure would be meaningless
 */
async function requestsPerSecond(url: string, headers: Record<string, string>): Promise<number> {
  const result = await autocannon({ url, headers, connections, duration: seconds });
  if (result.non2xx > 0 || result.errors > result.requests.total / 100) {
    throw new Error(`${url}: ${result.non2xx} responses were not 2xx, ${result.errors} requests failed`);
  }
  return result.requests.total / result.duration;
}

async function control({ control: api }: Announcement, method: string, path: string, body: object) {
  if (api === null) throw new Error('The control API is off.');
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${api.token}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
}

async function apiFigures(cloud: Announcement, peers: Ports): Promise<Figure[]> {
  // Otherwise the rate limit of 20 calls a second would be measured.
  await control(cloud, 'PUT', '/assumptions', { 'api.rates': 'unlimited' });
  const client = (endpoint: string) =>
    new clb.v20180317.Client(clientConfig(endpoint, cloud, 'ap-singapore'));
  const ours = client(new URL(cloud.api).host);
  const trivial = client(`127.0.0.1:${peers.api}`);
  const request = { LoadBalancerIds: ['lb-cvm00001'] };
  const { plain, signed, listeners } = await inTurns({
    plain: () => callsPerSecond(() => trivial.DescribeLoadBalancers(request)),
    signed: () => callsPerSecond(() => ours.DescribeLoadBalancers(request)),
    listeners: () => callsPerSecond(() => ours.DescribeListeners({ LoadBalancerId: 'lb-cvm00001' })),
  });
  return [
    figure('API calls through the SDK, trivial server', median(plain), '/s', null),
    figure('API calls through the SDK, DescribeLoadBalancers', median(signed), '/s', null),
    figure('API calls through the SDK, DescribeListeners', median(listeners), '/s', null),
    figure('API calls ÷ trivial server, 10 in flight', ratio(signed, plain), '', { least: 0.8 }),
  ];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Returns whether something listens on a port. */
function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Starts an nginx with one worker in front of the backend (`host:port`); null if none is installed. */
async function nginx(backend: string): Promise<{ port: number; stop(): Promise<void> } | null> {
  const found = ['nginx', '/usr/sbin/nginx'].find((path) => !spawnSync(path, ['-v']).error);
  if (found === undefined) return null;
  const folder = mkdtempSync(join(tmpdir(), 'bench-nginx-'));
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr crit;
    events { worker_connections 1024; }
    http { access_log off; ${temporary}
      upstream backend { server ${backend}; keepalive 64; }
      server { listen 127.0.0.1:${port}; location / {
        proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
      } }
    }`,
  );
  const child: ChildProcess = spawn(found, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: 'inherit',
  });
  for (let tries = 0; tries < 100 && !(await isOpen(port)); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    port,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the URL of a listener on port 80 of the VIP, whether or not this process may bind that port. */
function listenerUrl({ portOffset }: Announcement, vip: string): string {
  return `http://${vip}:${80 + portOffset}/`;
}

async function dataPlaneFigures(cloud: Announcement, peers: Ports): Promise<Figure[]> {
  const json = { accept: 'application/json' };
  const shop = { ...json, host: 'shop.example.com' };
  const { plain, rule } = await inTurns({
    plain: () => requestsPerSecond(`http://127.0.0.1:${peers.proxy}/`, json),
    rule: () => requestsPerSecond(listenerUrl(cloud, '127.99.1.1'), shop),
  });
  return [
    figure("Node's http as a reverse proxy", median(plain), '/s', null),
    figure('Requests through a CVM rule', median(rule), '/s', null),
    figure("CVM rule ÷ Node's http as a reverse proxy", ratio(rule, plain), '', { least: 0.9 }),
  ];
}

/** nginx only forwards, so a separate program acts as the instances here, too. */
async function nginxFigures(): Promise<Figure[]> {
  const name = 'CVM rule ÷ nginx';
  const instances = ['127.98.100.1', '127.98.100.2'];
  const json = { accept: 'application/json' };
  const other = await nginx(`${instances[0]}:8080`);
  if (other === null) return [figure(name, null, '', { least: 0.5 }, 'nginx is not installed')];
  const backend = await start<Ports>(['e2e/bench/peers.mjs', ...instances]);
  const small = await sandbox('small', { network: '127.98.0.0/16' });
  try {
    const { rule, through } = await inTurns({
      rule: () =>
        requestsPerSecond(listenerUrl(small.announcement, '127.98.1.1'), {
          ...json,
          host: 'shop.example.com',
        }),
      through: () => requestsPerSecond(`http://127.0.0.1:${other.port}/`, json),
    });
    return [
      figure('nginx before the same backend', median(through), '/s', null),
      figure('CVM rule before that backend', median(rule), '/s', null),
      figure(name, ratio(rule, through), '', { least: 0.5 }),
    ];
  } finally {
    await small.stop();
    await backend.stop();
    await other.stop();
  }
}

const handler = `exports.main_handler = async () => ({
  isBase64Encoded: false, statusCode: 200, headers: { 'Content-Type': 'text/plain' }, body: 'Hello CLB',
});`;

async function functionFigures(cloud: Announcement): Promise<Figure[]> {
  const config = clientConfig(new URL(cloud.api).host, cloud, 'ap-singapore');
  const functions = new scf.v20180416.Client(config);
  const balancers = new clb.v20180317.Client(config);
  const zip = Buffer.from(zipSync({ 'index.js': strToU8(handler) })).toString('base64');
  await functions.CreateFunction({
    FunctionName: 'bench',
    Runtime: 'Nodejs18.15',
    Handler: 'index.main_handler',
    Code: { ZipFile: zip },
  });
  for (;;) {
    const { Status: status } = await functions.GetFunction({ FunctionName: 'bench' });
    if (status === 'Active') break;
  }
  await balancers.RegisterFunctionTargets({
    LoadBalancerId: 'lb-scf00001',
    ListenerId: 'lbl-scf00001',
    LocationId: 'loc-idle0001',
    FunctionTargets: [
      {
        Function: { FunctionNamespace: 'default', FunctionName: 'bench', FunctionQualifier: '$LATEST' },
      },
    ],
  });
  const url = listenerUrl(cloud, '127.99.1.2');
  const host = { host: 'idle.example.com' };
  for (;;) if ((await (await fetch(url, { headers: host })).text()) === 'Hello CLB') break;
  const { calls } = await inTurns({ calls: () => requestsPerSecond(url, host) });
  return [figure('Warm Node function through a rule', median(calls), '/s', { least: 2000 })];
}

async function bigWorldFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-world-'));
  const stateFile = join(folder, 'world.json');
  const big = await sandbox('large', { more: ['--state', stateFile] });
  const { announcement: cloud } = big;
  try {
    await control(cloud, 'PUT', '/assumptions', { 'api.rates': 'unlimited' });
    const client = new clb.v20180317.Client(clientConfig(new URL(cloud.api).host, cloud, 'ap-singapore'));
    const { LoadBalancerSet: set = [] } = await client.DescribeLoadBalancers({ Limit: 100 });
    const times: number[] = [];
    const lane = async (ids: readonly string[]) => {
      for (const id of ids) {
        const begin = performance.now();
        await client.DescribeListeners({ LoadBalancerId: id });
        times.push(performance.now() - begin);
      }
    };
    const ids = set.map((each) => each.LoadBalancerId ?? '');
    for (let round = 0; round < 20; round += 1) await lane(ids);
    // A write causes all sandbox data to be stored while the reads continue.
    await client.ModifyLoadBalancerAttributes({ LoadBalancerId: ids[0] ?? '', LoadBalancerName: 'renamed' });
    while (!existsSync(stateFile)) await lane(ids);
    await lane(ids);
    return [
      figure('DescribeListeners with large sandbox data, p50', percentile(times, 0.5), 'ms', null),
      figure('DescribeListeners with large sandbox data, p99', percentile(times, 0.99), 'ms', null),
      figure('Memory with 10,000 rules and 40,000 targets', big.memoryMb(), 'MB', { most: 300 }),
    ];
  } finally {
    await big.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const peers = await start<Ports>(['e2e/bench/peers.mjs']);
  const small = await sandbox('small');
  const figures: Figure[] = [];
  try {
    figures.push(...(await apiFigures(small.announcement, peers.announcement)));
    figures.push(...(await dataPlaneFigures(small.announcement, peers.announcement)));
    figures.push(...(await functionFigures(small.announcement)));
  } finally {
    await small.stop();
    await peers.stop();
  }
  figures.push(...(await nginxFigures()));
  figures.push(...(await bigWorldFigures()));
  report('Sandbox', figures, flags.json);
}

await main();
