import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '@/lib/sandbox/sandbox';
import { type AssumptionName, Assumptions, assumptions } from '@/lib/sandbox/world/assumptions';
import { clientConfig, createTestClients } from '@/testing/sandbox/test-cloud';
import { accountId, certify, NotStartedError, probes } from './certify';
import { type Account, openAccount } from './model/account';
import { createReach } from './model/reach';
import { type Entry, loadable, type Report, summarizeReport } from './model/report';
import { findResources, removeResources } from './model/resources';
import { namePrefix, Workspace } from './model/workspace';

const region = 'ap-singapore';
const zone = 'example.co.id';

let running: Sandbox | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
});

type Values = Readonly<Partial<Record<AssumptionName, string | number>>>;

async function startCloud(values: Values = {}, taskMs = 50): Promise<Sandbox> {
  const set = new Assumptions();
  for (const [name, value] of Object.entries(values)) expect(set.set(name, value)).toBeNull();
  running = await startSandbox({
    port: 0,
    dnsPort: 0,
    controlPort: 0,
    seed: 'flash-sale',
    vipNetwork: '127.201.0.0/16',
    taskMs,
    stateFile: null,
    log: pino({ level: 'silent' }),
    assumptions: set,
  });
  return running;
}

/** Shuts down the server that certify may bind, so that nothing listens there. */
async function takeDown(sandbox: Sandbox): Promise<void> {
  const { control } = sandbox.announcement;
  const response = await fetch(`${control?.url}/faults`, {
    method: 'POST',
    headers: { authorization: `Bearer ${control?.token}` },
    body: JSON.stringify({ kind: 'instanceDown', instanceId: await anInstance(sandbox) }),
  });
  expect(response.status).toBe(200);
}

function sandboxAccount({ announcement: { api, secretId, secretKey } }: Sandbox): Account {
  return openAccount({ endpoint: api, region, secretId, secretKey });
}

type RunOptions = {
  readonly only?: readonly AssumptionName[];
  readonly typed?: string;
  readonly signal?: AbortSignal;
  readonly onGet?: () => void;
};

async function runOn(sandbox: Sandbox, options: RunOptions = {}): Promise<Report> {
  const account = sandboxAccount(sandbox);
  const { dns, portOffset } = sandbox.announcement;
  const reach = createReach({ dns, portOffset, addresses: null });
  const id = await accountId(account);
  return certify({
    account,
    only: options.only ? new Set(options.only) : null,
    print: () => {},
    signal: options.signal ?? new AbortController().signal,
    write: {
      given: { zone, instance: await anInstance(sandbox) },
      vpcId: await aVpc(sandbox),
      confirm: async () => options.typed ?? id,
      ...reach,
      get: (...given) => {
        options.onGet?.();
        return reach.get(...given);
      },
    },
  });
}

function sdk({ announcement: { api, secretId, secretKey } }: Sandbox) {
  return createTestClients(clientConfig(api, { secretId, secretKey }, region));
}

async function anInstance(sandbox: Sandbox): Promise<string> {
  const { InstanceSet: [first] = [] } = await sdk(sandbox).cvm.DescribeInstances({});
  return first?.InstanceId ?? '';
}

async function aVpc(sandbox: Sandbox): Promise<string> {
  const { VpcSet: [first] = [] } = await sdk(sandbox).vpc.DescribeVpcs({});
  return first?.VpcId ?? '';
}

/** Lists everything that a write probe could leave behind, using an independent client. */
async function contents(sandbox: Sandbox) {
  const { clb, scf, dnspod } = sdk(sandbox);
  const { LoadBalancerSet: loadBalancers = [] } = await clb.DescribeLoadBalancers({ Limit: 100 });
  const { TargetGroupSet: groups = [] } = await clb.DescribeTargetGroups({ Limit: 100 });
  const { Functions: functions = [] } = await scf.ListFunctions({ Limit: 100 });
  const { RecordList: records = [] } = await dnspod.DescribeRecordList({ Domain: zone, Limit: 3000 });
  return {
    loadBalancers: loadBalancers.map((each) => each.LoadBalancerId).toSorted(),
    groups: groups.map((each) => each.TargetGroupId).toSorted(),
    functions: functions.map((each) => each.FunctionName).toSorted(),
    records: records.map((each) => each.RecordId).toSorted(),
  };
}

const findEntry = (report: Report, name: AssumptionName) =>
  report.entries.find((entry) => entry.assumption === name);
const briefly = ({ assumption, seen, verdict, evidence }: Entry) =>
  `${assumption}: ${verdict} ${seen} (${evidence})`;

/** The assumptions that this command can verify. */
const all = Object.keys(probes) as AssumptionName[];
const answerable = all.filter((name) => probes[name].mode !== 'none');
/** Probes of objects that are still being created, so their sandbox is slowed down. */
const hasty: readonly AssumptionName[] = ['binding.R14'];

/** These hide what other probes observe, so they are changed in a separate run. */
const hiding: readonly AssumptionName[] = ['binding.failsIn', 'monitor.idle'];

/** Returns another value of an assumption: its `n`th other choice, or another amount. */
function otherValue(name: AssumptionName, n: number): string | number {
  const row = assumptions[name];
  if ('choices' in row) {
    const others = row.choices.filter((choice) => choice !== row.value);
    return others[n % others.length] ?? row.value;
  }
  const amounts: Partial<Record<AssumptionName, number>> = {
    'provisioned.tasksMax': 7,
    'provisioned.intervalS': 120,
    'dnspod.unchangedMax': 4,
    'dnspod.indexLagMs': 4000,
    'monitor.delay': 240,
    'http.malformedAnswer': 502,
    'http.noBackend': 504,
  };
  return amounts[name] ?? row.value + 1;
}

test('confirms every assumption of a sandbox that behaves as assumed, and deletes all its objects', async () => {
  const sandbox = await startCloud();
  await takeDown(sandbox);
  const before = await contents(sandbox);
  const report = await runOn(sandbox, { only: all.filter((name) => !hasty.includes(name)) });
  const asked = report.entries.filter((entry) => entry.verdict !== 'unanswerable');
  expect(asked.filter((entry) => entry.verdict !== 'same').map(briefly)).toEqual([]);
  expect(asked.map((entry) => entry.assumption)).toEqual(answerable.filter((name) => !hasty.includes(name)));
  expect(report.left).toEqual([]);
  expect(await contents(sandbox)).toEqual(before);
  const { secretId, secretKey } = sandbox.announcement;
  expect(JSON.stringify(report)).not.toContain(secretKey);
  expect(JSON.stringify(report)).not.toContain(secretId);
  expect(summarizeReport(report.entries)).toContain(`${asked.length} as assumed, 0 different, 0 unknown`);
}, 120_000);

test.each([0, 1])(
  'finds each difference, and its report configures a sandbox accordingly (%i)',
  async (n) => {
    const flipped = answerable.filter((name) => !hiding.includes(name) && !hasty.includes(name));
    const values = Object.fromEntries(flipped.map((name) => [name, otherValue(name, n)]));
    const sandbox = await startCloud(values);
    await takeDown(sandbox);
    const before = await contents(sandbox);
    const report = await runOn(sandbox, { only: flipped });
    expect(report.entries.filter((entry) => entry.verdict !== 'different').map(briefly)).toEqual([]);
    const measured: readonly AssumptionName[] = ['dnspod.indexLagMs', 'monitor.delay'];
    const exact = (all: object) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !measured.includes(name as AssumptionName)));
    const { values: loaded, problems } = loadable(report);
    expect(problems).toEqual([]);
    expect(exact(loaded)).toEqual(exact(values));
    expect(report.left).toEqual([]);
    expect(await contents(sandbox)).toEqual(before);
  },
  120_000,
);

test.each([null, 0])(
  'finds that objects still being created refuse writes, and with which code (%s)',
  async (n) => {
    const values = n === null ? {} : Object.fromEntries(hasty.map((name) => [name, otherValue(name, n)]));
    const report = await runOn(await startCloud(values, 1500), { only: hasty });
    expect(report.entries.map((entry) => [entry.verdict, entry.seen])).toEqual(
      hasty.map((name) => (n === null ? ['same', assumptions[name].value] : ['different', values[name]])),
    );
    expect(report.left).toEqual([]);
  },
  60_000,
);

test('finds bindings that fail in their task, and idle minutes without a data point', async () => {
  const sandbox = await startCloud({ 'binding.failsIn': 'task', 'monitor.idle': 'no point' });
  const report = await runOn(sandbox, { only: [...hiding, 'binding.R13'] });
  expect(findEntry(report, 'binding.failsIn')).toMatchObject({ verdict: 'different', seen: 'task' });
  expect(findEntry(report, 'monitor.idle')).toMatchObject({ verdict: 'different', seen: 'no point' });
  expect(findEntry(report, 'binding.R13')).toMatchObject({ verdict: 'unknown', seen: null });
}, 60_000);

test('creates nothing when a different account id is typed', async () => {
  const sandbox = await startCloud();
  const before = await contents(sandbox);
  await expect(runOn(sandbox, { typed: '123' })).rejects.toThrow(NotStartedError);
  expect(await contents(sandbox)).toEqual(before);
});

test('removes what it has created when the run is stopped', async () => {
  const sandbox = await startCloud();
  const before = await contents(sandbox);
  const stopping = new AbortController();
  const report = await runOn(sandbox, {
    only: ['http.noBackend', 'http.malformedAnswer'],
    signal: stopping.signal,
    onGet: () => stopping.abort(new Error('stopped')),
  });
  expect(findEntry(report, 'http.malformedAnswer')).toMatchObject({
    evidence: 'the run was stopped',
  });
  expect(report.left).toEqual([]);
  expect(await contents(sandbox)).toEqual(before);
}, 60_000);

test('finds and removes objects of a killed run later, and none of others', async () => {
  const sandbox = await startCloud();
  const { clb, scf } = sdk(sandbox);
  const name = `${namePrefix}not-ours`;
  // Someone else's load balancer with a name like certify's, without the tag.
  const { LoadBalancerIds: ids = [] } = await clb.CreateLoadBalancer({
    LoadBalancerType: 'OPEN',
    LoadBalancerName: name,
    VpcId: await aVpc(sandbox),
  });
  const account = sandboxAccount(sandbox);
  const workspace = new Workspace(account, '0123abcd', await aVpc(sandbox));
  const rule = await workspace.rule();
  const functionName = await workspace.function('echo');
  await workspace.change('RegisterFunctionTargets', workspace.bindRequest(rule, functionName));
  await workspace.targetGroup();
  const found = await findResources(account, namePrefix, zone);
  expect(found.map((each) => each.kind).toSorted()).toEqual(['function', 'load balancer', 'target group']);
  expect(await removeResources(account, found)).toEqual([]);
  expect(await findResources(account, namePrefix, zone)).toEqual([]);
  const { LoadBalancerSet: left = [] } = await clb.DescribeLoadBalancers({ LoadBalancerIds: ids });
  expect(left.map((each) => each.LoadBalancerName)).toEqual([name]);
  const { Functions: functions = [] } = await scf.ListFunctions({ SearchKey: namePrefix });
  expect(functions).toEqual([]);
}, 60_000);

test('sends only reads when there are no write probes', async () => {
  const sandbox = await startCloud();
  const sent: string[] = [];
  const account = sandboxAccount(sandbox);
  const note = <T extends unknown[]>(call: (...given: T) => ReturnType<Account['call']>) =>
    ((...given: T) => {
      sent.push(String(given[1]));
      return call(...given);
    }) as typeof call;
  const report = await certify({
    account: { region, call: note(account.call), callOnce: note(account.callOnce) },
    only: null,
    write: null,
    print: () => {},
    signal: new AbortController().signal,
  });
  expect(new Set(sent)).toEqual(
    new Set(['GetCallerIdentity', 'DescribeQuota', 'DescribeLoadBalancers', 'GetMonitorData']),
  );
  expect(findEntry(report, 'binding.R13')).toMatchObject({ verdict: 'skipped', evidence: 'needs --write' });
});
