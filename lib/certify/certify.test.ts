import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '@/lib/sandbox/sandbox';
import { type AssumptionName, Assumptions, assumptions } from '@/lib/sandbox/world/assumptions';
import { certifyActions } from '@/testing/sandbox/action-users';
import { clientConfig, createTestClients } from '@/testing/sandbox/test-cloud';
import { accountId, certify, NotStartedError, probes } from './certify';
import { type Account, openAccount } from './model/account';
import { createReach } from './model/reach';
import { describeEntry, type Entry, loadable, type Report, summarizeReport } from './model/report';
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
    // A load balancer waits 60 s by default. A function's first answer takes seconds on a busy machine.
    readTimeoutMs: 8000,
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

type KeysOf = { readonly secretId: string; readonly secretKey: string };

function sandboxAccount(
  { announcement }: Sandbox,
  { secretId, secretKey }: KeysOf = announcement,
  where: string = region,
): Account {
  return openAccount({ endpoint: announcement.api, site: 'mainland', region: where, secretId, secretKey });
}

/** Returns the account, whose calls are noted as `service:Action` with their number. */
function noteCalls({ region: where, call, callOnce }: Account, sent: Map<string, number>): Account {
  const note =
    (send: Account['call']): Account['call'] =>
    (product, action, params) => {
      const name = `${product}:${action}`;
      sent.set(name, (sent.get(name) ?? 0) + 1);
      return send(product, action, params);
    };
  return { region: where, call: note(call), callOnce: note(callOnce) };
}

type RunOptions = {
  readonly only?: readonly AssumptionName[];
  readonly account?: Account;
  readonly zone?: null;
  readonly vpcId?: string;
  readonly print?: (line: string) => void;
  readonly typed?: string;
  readonly signal?: AbortSignal;
  readonly onGet?: () => void;
};

async function runOn(sandbox: Sandbox, options: RunOptions = {}): Promise<Report> {
  const account = options.account ?? sandboxAccount(sandbox);
  const { dns, portOffset } = sandbox.announcement;
  const reach = createReach({ dns, portOffset, addresses: null });
  const id = await accountId(account);
  return certify({
    account,
    only: options.only ? new Set(options.only) : null,
    print: options.print ?? (() => {}),
    signal: options.signal ?? new AbortController().signal,
    write: {
      given: {
        zone: options.zone === null ? null : zone,
        instance: await anInstance(sandbox),
        certificate: await aCertificate(sandbox, 'SVR'),
        clientCa: await aCertificate(sandbox, 'CA'),
        ipv6Subnet: await aSubnet(sandbox),
      },
      vpcId: options.vpcId ?? (await aVpc(sandbox)),
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

async function aSubnet(sandbox: Sandbox): Promise<string> {
  const { SubnetSet: [first] = [] } = await sdk(sandbox).vpc.DescribeSubnets({});
  return first?.SubnetId ?? '';
}

async function aCertificate(sandbox: Sandbox, type: 'SVR' | 'CA'): Promise<string> {
  const { Certificates: found = [] } = await sdk(sandbox).ssl.DescribeCertificates({});
  return found?.find((each) => each.CertificateType === type)?.CertificateId ?? '';
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

/** These hide what other probes observe, or need what those hide, so they are changed in a separate run. */
const hiding: readonly AssumptionName[] = ['binding.failsIn', 'monitor.idle', 'monitor.clbHttp'];

/** Probes that need a region or an account without bindings, or a server that is down. */
const elsewhere: readonly AssumptionName[] = ['binding.R1', 'binding.R2', 'http.connectFailed'];

/** Probes that a run on the first account can answer while its servers work. */
const usual = answerable.filter((name) => !hasty.includes(name) && !elsewhere.includes(name));

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

test('confirms every assumption of a sandbox that behaves as assumed, creates no more than it says, and deletes all', async () => {
  const sandbox = await startCloud();
  const before = await contents(sandbox);
  const unusual = new Set([...hasty, ...elsewhere]);
  const sent = new Map<string, number>();
  const lines: string[] = [];
  const report = await runOn(sandbox, {
    only: all.filter((name) => !unusual.has(name)),
    account: noteCalls(sandboxAccount(sandbox), sent),
    print: (line) => lines.push(line),
  });
  // The sandbox keeps the actions of this list for certify.
  expect([...sent.keys()].toSorted()).toEqual(certifyActions);
  const most = (what: string) => Number(/(\d+) /.exec(lines.find((each) => each.includes(what)) ?? '')?.[1]);
  expect(sent.get('clb:CreateLoadBalancer')).toBeLessThanOrEqual(most('public load balancers'));
  expect(sent.get('scf:CreateFunction')).toBeLessThanOrEqual(most('functions named'));
  expect(sent.get('clb:CreateTargetGroup')).toBe(most('target group named'));
  expect(sent.get('dnspod:CreateRecord')).toBe(most('DNS records named'));
  const asked = report.entries.filter((entry) => entry.verdict !== 'unanswerable');
  expect(asked.filter((entry) => entry.verdict !== 'same').map(briefly)).toEqual([]);
  expect(asked.map((entry) => entry.assumption)).toEqual(usual);
  expect(report.left).toEqual([]);
  expect(await contents(sandbox)).toEqual(before);
  const { secretId, secretKey } = sandbox.announcement;
  expect(JSON.stringify(report)).not.toContain(secretKey);
  expect(JSON.stringify(report)).not.toContain(secretId);
  expect(summarizeReport(report.entries)).toContain(`${asked.length} as assumed, 0 different, 0 unknown`);
});

test.each([0, 1])(
  'finds each difference, and its report configures a sandbox accordingly (%i)',
  async (n) => {
    const flipped = usual.filter((name) => !hiding.includes(name));
    const values = Object.fromEntries(flipped.map((name) => [name, otherValue(name, n)]));
    const sandbox = await startCloud(values);
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
);

test('finds bindings that fail in their task, and idle minutes without a data point', async () => {
  const sandbox = await startCloud({ 'binding.failsIn': 'task', 'monitor.idle': 'no point' });
  const report = await runOn(sandbox, { only: ['binding.failsIn', 'monitor.idle', 'binding.R13'] });
  expect(findEntry(report, 'binding.failsIn')).toMatchObject({ verdict: 'different', seen: 'task' });
  expect(findEntry(report, 'monitor.idle')).toMatchObject({ verdict: 'different', seen: 'no point' });
  expect(findEntry(report, 'binding.R13')).toMatchObject({ verdict: 'unknown', seen: null });
});

test('names the VPCs of the region if the named one does not exist, and creates nothing', async () => {
  const sandbox = await startCloud();
  const before = await contents(sandbox);
  const refused = runOn(sandbox, { vpcId: 'vpc-missing1', only: ['binding.failsIn'] });
  await expect(refused).rejects.toThrow(`--vpc vpc-missing1 can't be used`);
  await expect(refused).rejects.toThrow(await aVpc(sandbox));
  expect(await contents(sandbox)).toEqual(before);
});

test('says by how much a measured number may differ', () => {
  const entry = {
    assumption: 'monitor.delay',
    about: '',
    expected: 0,
    verdict: 'same',
    evidence: 'e',
  } as const;
  expect(describeEntry({ ...entry, seen: 39 }, 60)).toMatch(
    /^as assumed +monitor.delay: expected 0 ± 60, seen 39\n/,
  );
  expect(describeEntry({ ...entry, seen: 0 }, 0)).toContain('expected 0, seen 0');
});

test('finds metrics of a load balancer that leave out the responses of backends', async () => {
  const report = await runOn(await startCloud({ 'monitor.clbHttp': 'own' }), { only: ['monitor.clbHttp'] });
  expect(findEntry(report, 'monitor.clbHttp')).toMatchObject({ verdict: 'different', seen: 'own' });
});

test.each([502, 504])(
  'reads the status for a server that does not listen, here %i, and none from one that answers',
  async (status) => {
    const sandbox = await startCloud({ 'http.connectFailed': status });
    const only: readonly AssumptionName[] = ['http.connectFailed'];
    expect(findEntry(await runOn(sandbox, { only }), 'http.connectFailed')).toMatchObject({
      verdict: 'unknown',
      evidence: 'the server answered on port 1 with status 200, so nothing failed',
    });
    await takeDown(sandbox);
    expect(findEntry(await runOn(sandbox, { only }), 'http.connectFailed')).toMatchObject({ seen: status });
  },
);

test.each(['FailedOperation', 'UnauthorizedOperation'])(
  'finds with which code a region and an account without bindings refuse them (%s)',
  async (code) => {
    const sandbox = await startCloud({ 'binding.R1': code, 'binding.R2': code });
    const only: readonly AssumptionName[] = ['binding.R1', 'binding.R2', 'binding.R13'];
    const usually = await runOn(sandbox, { only });
    expect(usually.entries.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown', 'same']);
    const [standard, legacy] = sandbox.announcement.accounts;
    if (standard === undefined || legacy === undefined) expect.fail('the seed has two accounts');
    const places = [
      ['binding.R1', sandboxAccount(sandbox, standard, 'ap-jakarta')],
      ['binding.R2', sandboxAccount(sandbox, legacy)],
    ] as const;
    for (const [name, account] of places) {
      const { VpcSet: [vpc] = [] } = await createTestClients(
        clientConfig(sandbox.announcement.api, name === 'binding.R1' ? standard : legacy, account.region),
      ).vpc.DescribeVpcs({});
      const report = await runOn(sandbox, { only, account, vpcId: vpc?.VpcId ?? '', zone: null });
      expect(report.entries.map(({ seen }) => seen)).toEqual(
        only.map((each) => (each === name ? code : null)),
      );
      expect(report.left).toEqual([]);
    }
  },
);

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
});

test('creates nothing for a zone that the account does not have', async () => {
  const sandbox = await startCloud();
  const before = await contents(sandbox);
  const [, legacy] = sandbox.announcement.accounts;
  const run = runOn(sandbox, { account: sandboxAccount(sandbox, legacy), only: usual });
  await expect(run).rejects.toThrow(`--zone ${zone} can't be used: InvalidParameterValue.DomainNotExists`);
  expect(await contents(sandbox)).toEqual(before);
});

test('removes the rest when a list can’t be read, and says which one', async () => {
  const sandbox = await startCloud();
  const before = await contents(sandbox);
  const base = sandboxAccount(sandbox);
  const account: Account = {
    ...base,
    call: (product, action, params) =>
      base.call(product, action === 'DescribeRecordList' ? 'DescribeNothing' : action, params),
  };
  const report = await runOn(sandbox, { account, only: ['http.noBackend', 'dnspod.unsetWeight'] });
  expect(report.left).toEqual([
    expect.stringMatching(/^the DNS records of example.co.id could not be listed: .*InvalidAction/),
  ]);
  expect(await contents(sandbox)).toEqual(before);
});

test('finds and removes objects of a killed run later, and none of others', async () => {
  const sandbox = await startCloud();
  const { clb, scf } = sdk(sandbox);
  const name = `${namePrefix}not-ours`;
  // Someone else's load balancer and target group with a name like certify's, without the tag.
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
  const group = { TargetGroupName: name, Port: 80, VpcId: await aVpc(sandbox) };
  const { TargetGroupId: foreignGroup = '' } = await clb.CreateTargetGroup(group);
  const { found } = await findResources(account, namePrefix, zone);
  expect(found.map((each) => each.kind).toSorted()).toEqual(['function', 'load balancer', 'target group']);
  expect(await removeResources(account, found)).toEqual([]);
  expect(await findResources(account, namePrefix, zone)).toEqual({ found: [], unread: [] });
  const { LoadBalancerSet: left = [] } = await clb.DescribeLoadBalancers({ LoadBalancerIds: ids });
  expect(left.map((each) => each.LoadBalancerName)).toEqual([name]);
  const { TargetGroupSet: groups = [] } = await clb.DescribeTargetGroups({ TargetGroupIds: [foreignGroup] });
  expect(groups).toHaveLength(1);
  const { Functions: functions = [] } = await scf.ListFunctions({ SearchKey: namePrefix });
  expect(functions).toEqual([]);
});

test('sends only reads when there are no write probes', async () => {
  const sandbox = await startCloud();
  const sent = new Map<string, number>();
  const report = await certify({
    account: noteCalls(sandboxAccount(sandbox), sent),
    only: null,
    write: null,
    print: () => {},
    signal: new AbortController().signal,
  });
  expect([...sent.keys()].toSorted()).toEqual([
    'clb:DescribeLoadBalancers',
    'clb:DescribeQuota',
    'monitor:GetMonitorData',
    'sts:GetCallerIdentity',
  ]);
  expect(findEntry(report, 'binding.R13')).toMatchObject({ verdict: 'skipped', evidence: 'needs --write' });
});
