import { Resolver } from 'node:dns/promises';
import { Agent, get } from 'node:https';
import { pino } from 'pino';
import { afterAll, expect, test, vi } from 'vitest';
import { requestPage } from '@/testing/sandbox/data-plane/test-world';
import { TestClock } from '@/testing/sandbox/test-clock';
import { clientConfig, createTestClients } from '@/testing/sandbox/test-cloud';
import { BufferedLog } from './main';
import { type Sandbox, startSandbox } from './sandbox';
import { pageHandler, zipSeedFiles } from './seeds/parts';

/** @param network two numbers of a loopback /16 that no other test uses */
function startFor(network: string, clock: TestClock): Promise<Sandbox> {
  return startSandbox({
    port: 0,
    dnsPort: 0,
    controlPort: null,
    taskMs: 1000,
    stateFile: null,
    seed: 'flash-sale',
    acceptHosts: ['*.tencentcloudapi.com'],
    vipNetwork: `${network}.0.0/16`,
    log: pino({ level: 'silent' }),
    clock,
  });
}

const clock = new TestClock();
const sandbox = await startFor('127.81', clock);
afterAll(() => sandbox.stop());

test('moves a domain from servers in Jakarta to a new function in Singapore', () =>
  moveToFunction(sandbox, clock, '127.81'));

test('does the same where no python3 is on the PATH', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  const clockHere = new TestClock();
  const without = await startFor('127.82', clockHere);
  vi.unstubAllEnvs();
  try {
    expect(without.announcement).toMatchObject({ pyodide: true });
    await moveToFunction(without, clockHere, '127.82');
  } finally {
    await without.stop();
  }
});

async function moveToFunction({ announcement }: Sandbox, time: TestClock, network: string): Promise<void> {
  const { api, secretId, secretKey, dns, portOffset } = announcement;
  const { clb, scf, dnspod } = createTestClients(clientConfig(api, { secretId, secretKey }, 'ap-singapore'));
  const domain = 'flash.example.co.id';
  /** Returns the response for a browser that resolves the name with the sandbox's DNS and sends its request there. */
  const browse = async () => {
    const resolver = new Resolver();
    resolver.setServers([dns]);
    const [vip = ''] = await resolver.resolve4(domain);
    return (await requestPage({ host: vip, port: 80 + portOffset }, { host: domain })).body;
  };
  expect(await browse()).toContain('flash-web');

  await scf.CreateFunction({
    FunctionName: 'hello',
    Namespace: 'flash',
    Runtime: 'Python3.6',
    Handler: 'index.main_handler',
    Code: { ZipFile: zipSeedFiles({ 'index.py': pageHandler('Hello CLB') }) },
  });
  const { Listeners: listeners = [] } = await clb.DescribeListeners({
    LoadBalancerId: 'lb-q7w2m5rc',
    Port: 80,
  });
  const place = { LoadBalancerId: 'lb-q7w2m5rc', ListenerId: listeners[0]?.ListenerId ?? '' };
  await clb.CreateRule({ ...place, Rules: [{ Domain: domain, Url: '/' }] });
  time.advance(1000);
  const hello = { FunctionNamespace: 'flash', FunctionName: 'hello', FunctionQualifier: '$LATEST' };
  await clb.RegisterFunctionTargets({
    ...place,
    Domain: domain,
    Url: '/',
    FunctionTargets: [{ Function: hello }],
  });
  time.advance(1000);

  const zone = { Domain: 'example.co.id' };
  const { RecordList: records = [] } = await dnspod.DescribeRecordList({ ...zone, Subdomain: 'flash' });
  const fields = { ...zone, RecordId: records[0]?.RecordId ?? 0 };
  const to = (value = '') =>
    dnspod.ModifyRecordFields({ ...fields, FieldList: [{ Key: 'value', Value: value }] });
  await to(`${network}.1.20`);
  expect(await browse()).toBe('<html><body><h1>Hello CLB</h1></body></html>');
  await to(records[0]?.Value);
  expect(await browse()).toContain('flash-web');
}

test('fails when a port is in use, and stops the parts that had been started', async () => {
  const port = Number(new URL(sandbox.announcement.api).port);
  const again = startSandbox({
    port,
    dnsPort: 0,
    controlPort: null,
    seed: 'small',
    vipNetwork: '127.81.0.0/16',
    taskMs: 0,
    stateFile: null,
    log: pino({ level: 'silent' }),
  });
  await expect(again).rejects.toThrow('EADDRINUSE');
});

test('writes the log only after the announcement', () => {
  const out: string[] = [];
  const lines = new BufferedLog({ write: (text) => out.push(text) });
  lines.write('early\n');
  expect(out).toEqual([]);
  lines.release('first\n');
  lines.write('late\n');
  expect(out.join('')).toBe('first\nearly\nlate\n');
});

test('serves the API over TLS too, to clients that trust the authority', async () => {
  const { apiTls, authority, secretId, secretKey } = sandbox.announcement;
  const call = (agent: Agent) => {
    const { profile: _, ...config } = clientConfig(apiTls, { secretId, secretKey }, 'ap-singapore');
    const httpProfile = { protocol: 'https://', endpoint: new URL(apiTls).host, agent };
    return createTestClients({ ...config, profile: { httpProfile } }).sts.GetCallerIdentity();
  };
  expect(await call(new Agent({ ca: authority }))).toMatchObject({ AccountId: '100028471935' });
  await expect(call(new Agent())).rejects.toThrow('certificate');
});

test('answers to accepted host names with its certificate', async () => {
  const { apiTls, authority } = sandbox.announcement;
  const send = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const options = { ca: authority, servername: host, headers: { host }, agent: false };
      get(apiTls, options, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
  expect(await send('clb.tencentcloudapi.com')).toBe(200);
  await expect(send('clb.tencentcloudapi.com.example')).rejects.toThrow('altnames');
});
