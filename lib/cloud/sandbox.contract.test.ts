import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getDnsTarget } from '@/lib/estate/dns-target';
import { type RuleRef, RuleRef as RuleRefSchema } from '@/lib/estate/object';
import { invariant } from '@/lib/invariant';
import { type Sandbox, startSandbox } from '@/lib/sandbox/sandbox';
import {
  bindContractFunction,
  cloudContract,
  createContractRule,
  deleteContractRule,
} from '@/testing/cloud/cloud-contract';
import { CloudConnection } from './connection';
import { CloudError, type CloudErrorData } from './errors';
import type { FunctionSpec } from './port';
import { createProber } from './probe/prober';
import { createTencentCloud } from './tencent/cloud';

const region = 'ap-singapore';

/** A rule that the seed does not have, on lb-sin-flash's HTTP listener. */
function freshRule(domain: string): RuleRef {
  return RuleRefSchema.parse({
    kind: 'rule',
    region,
    loadBalancerId: 'lb-q7w2m5rc',
    listenerId: 'lbl-n05q7r3t',
    domain,
    url: '/',
  });
}

const rule = freshRule('contract.example.co.id');
const secondRule = freshRule('contract-two.example.co.id');

/** The function from the guide. */
const spec: FunctionSpec = {
  region,
  namespace: 'default',
  name: 'hello-clb',
  runtime: 'Python3.6',
  handler: 'index.main_handler',
  code: [
    '# -*- coding: utf8 -*-',
    'import json',
    'def main_handler(event, context):',
    '    return {',
    '        "isBase64Encoded": False,',
    '        "statusCode": 200,',
    '        "headers": {"Content-Type": "text/html"},',
    '        "body": "<html><body><h1>Hello CLB</h1></body></html>"',
    '    }',
  ].join('\n'),
  memoryMb: 128,
  timeoutS: 3,
};

function start(more: Partial<Parameters<typeof startSandbox>[0]> = {}): Promise<Sandbox> {
  return startSandbox({
    port: 0,
    dnsPort: 0,
    seed: 'flash-sale',
    vipNetwork: '127.83.0.0/16',
    taskMs: 50,
    stateFile: null,
    controlPort: 0,
    log: pino({ level: 'silent' }),
    ...more,
  });
}

function connectionTo({ announcement }: Sandbox, more: Partial<CloudConnection> = {}): CloudConnection {
  return CloudConnection.parse({
    id: 'sandbox-niaga',
    name: 'Sandbox',
    kind: 'sandbox',
    endpoint: announcement.api,
    regions: ['ap-jakarta', region, 'ap-guangzhou'],
    secretId: announcement.secretId,
    secretKey: announcement.secretKey,
    dns: announcement.dns,
    vipNetwork: announcement.vipNetwork,
    portOffset: announcement.portOffset,
    authority: announcement.authority,
    ...more,
  });
}

function createCloud(sandbox: Sandbox, more: Partial<CloudConnection> = {}) {
  const deps = { now: () => new Date(), log: { debug: () => {}, info: () => {}, warn: () => {} } };
  return createTencentCloud(connectionTo(sandbox, more), deps);
}

cloudContract('the sandbox', async () => {
  const sandbox = await start();
  return {
    cloud: createCloud(sandbox),
    rule,
    secondRule,
    instanceId: 'ins-eventw1k',
    recordSet: {
      kind: 'recordSet',
      zone: 'example.co.id',
      subdomain: 'contract',
      lineId: '0',
      line: 'Default',
    },
    spec,
    stop: () => sandbox.stop(),
  };
});

describe('the seed flash-sale', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await start();
  });
  afterAll(() => sandbox.stop());

  it('returns every kind of load balancer, listener, binding and record through the API', async () => {
    const estate = await createCloud(sandbox).readEstate(() => {});
    const targetKind = (id: string) => {
      const lb = estate.loadBalancers.find((candidate) => candidate.id === id);
      return lb && [lb.generation, lb.vpcId === null, lb.addressFamily, lb.domain !== null];
    };
    expect(estate.account).toMatchObject({ uin: '100028471935', networkAccountType: 'STANDARD' });
    expect(estate.loadBalancers).toHaveLength(10);
    expect(targetKind('lb-q7w2m5rc')).toEqual(['clb', false, 'ipv4', false]);
    expect(targetKind('lb-c2z5j8sy')).toEqual(['classic', false, 'ipv4', false]);
    expect(targetKind('lb-k1s4d6ow')).toEqual(['clb', true, 'ipv4', false]);
    expect(targetKind('lb-v6m0b4xe')).toEqual(['clb', false, 'ipv6-full-chain', false]);
    expect(targetKind('lb-g9n3a7fu')).toEqual(['clb', false, 'ipv6-nat64', false]);
    expect(targetKind('lb-h6p1t9vd')).toEqual(['clb', false, 'ipv4', true]);
    expect(new Set(estate.listeners.map(({ protocol }) => protocol))).toEqual(
      new Set(['HTTP', 'HTTPS', 'TCP', 'QUIC']),
    );
    expect(estate.rules.some(({ quic }) => quic)).toBe(true);
    expect(estate.listeners.find(({ protocol }) => protocol === 'TCP')?.targets.length).toBeGreaterThan(0);
    const bound = estate.rules.filter(({ functions }) => functions.length > 0);
    expect(
      bound.map(({ domain, functions }) => [domain, functions[0]?.name, functions[0]?.qualifier]),
    ).toEqual([['checkout.example.co.id', 'checkout', '1']]);
    expect(estate.functions.map((fn) => [fn.name, fn.type, fn.versions, fn.clbTriggerCount])).toEqual([
      ['checkout', 'Event', ['$LATEST', '1'], 1],
      ['storefront', 'Event', ['$LATEST', '1'], 0],
      ['storefront-web', 'HTTP', ['$LATEST'], 0],
    ]);
    expect(estate.zones.map(({ name }) => name)).toEqual(['example.co.id', 'example.web.id']);
    expect(estate.records.find(({ subdomain }) => subdomain === 'old')?.enabled).toBe(false);
    expect(
      estate.records.filter(({ subdomain }) => subdomain === 'checkout').map(({ weight }) => weight),
    ).toEqual([80, 20]);
    const ids = estate.rules.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
  });

  it('serves the legacy account with its keys', async () => {
    const legacy = sandbox.announcement.accounts[1];
    invariant(legacy !== undefined, 'the seed has two accounts');
    const { secretId, secretKey } = legacy;
    const estate = await createCloud(sandbox, { secretId, secretKey }).readEstate(() => {});
    expect(estate.account.networkAccountType).toBe('LEGACY');
    expect(estate.gaps).toEqual([]);
  });

  it('refuses keys with a wrong signature, without showing them', async () => {
    const wrong = createCloud(sandbox, { secretKey: 'not-the-key-at-all' });
    const error = await catchFailure(wrong.readEstate(() => {}));
    expect(error).toMatchObject({
      code: 'AuthFailure.SignatureFailure',
      action: 'GetCallerIdentity',
      advice: 'giveUp',
    });
    expect(error.requestId).toMatch(/\S/);
    expect(JSON.stringify(error)).not.toContain('not-the-key-at-all');
  });

  it('keeps a part that cannot be read as a gap, never as an empty list', async () => {
    const estate = await createCloud(sandbox, { regions: [region, 'ap-nowhere'] }).readEstate(() => {});
    expect(estate.loadBalancers.length).toBeGreaterThan(0);
    expect(estate.gaps.map(({ part }) => part)).toContain('clb/ap-nowhere');
    expect(estate.gaps[0]?.reason).toMatch(/request /);
  });
});

async function catchFailure(work: Promise<unknown>): Promise<CloudErrorData> {
  const cause = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  invariant(cause instanceof CloudError, `a CloudError was expected, found ${String(cause)}`);
  return cause.data;
}

describe('faults', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await start();
  });
  afterAll(() => sandbox.stop());
  beforeEach(() => control('POST', '/reset'));

  async function control(method: string, path: string, body?: object): Promise<unknown> {
    const controlApi = sandbox.announcement.control;
    invariant(controlApi !== null, 'the sandbox was started with its control API');
    const answer = await fetch(controlApi.url + path, {
      method,
      headers: { Authorization: `Bearer ${controlApi.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const reply: unknown = await answer.json();
    invariant(answer.ok, `control API: ${answer.status} ${JSON.stringify(reply)}`);
    return reply;
  }
  const effects = async () => Object.entries(Object(await control('GET', '/effects')));

  it('continues reading when it is throttled', async () => {
    await control('POST', '/faults', { action: 'DescribeLoadBalancers', kind: 'throttle', count: 3 });
    const estate = await createCloud(sandbox).readEstate(() => {});
    expect(estate.gaps).toEqual([]);
    expect(estate.loadBalancers).toHaveLength(10);
  });

  it('completes a burst that the cloud throttles', async () => {
    const throttled: unknown[] = [];
    const warn = (fields: { readonly code?: unknown }) => {
      if (fields.code === 'RequestLimitExceeded') throttled.push(fields);
    };
    // Two programs on one account: together they send nearly twice as fast as the account may.
    const program = () =>
      createTencentCloud(connectionTo(sandbox), {
        now: () => new Date(),
        log: { debug: () => {}, info: () => {}, warn },
        // Waits before a retry have their full length, so that the test does not depend on luck.
        random: () => 1,
      });
    const key = { region, namespace: 'flash', name: 'storefront' };
    const burst = [program(), program()].flatMap((cloud) =>
      Array.from({ length: 25 }, () => cloud.getFunction(key)),
    );
    const found = await Promise.all(burst);
    expect(throttled.length).toBeGreaterThan(0);
    expect(found.map((fn) => fn?.name)).toEqual(burst.map(() => 'storefront'));
  });

  it('never repeats a throttled write automatically', async () => {
    await control('POST', '/faults', { action: 'CreateRule', kind: 'throttle' });
    const error = await catchFailure(createCloud(sandbox).write(createContractRule(rule)));
    expect(error).toMatchObject({ code: 'RequestLimitExceeded', mayHaveHappened: false, advice: 'retry' });
    expect(await effects()).toEqual([]);
  });

  it("shows a failed task with the task's own message", async () => {
    await control('POST', '/faults', { action: 'CreateRule', kind: 'taskFails', message: 'no room left' });
    const cloud = createCloud(sandbox);
    const receipt = await cloud.write(createContractRule(rule));
    const error = await catchFailure(cloud.wait(receipt));
    expect(error).toMatchObject({
      code: 'Task.Failed',
      message: 'no room left',
      requestId: receipt.requestId,
      mayHaveHappened: true,
      advice: 'readBack',
    });
    expect((await cloud.read(rule)).state).toMatchObject({ exists: false });
    // The failed write released its turn.
    await cloud.wait(await cloud.write(createContractRule(rule)));
    expect((await cloud.read(rule)).state).toMatchObject({ exists: true });
  });

  it('finds the effect of a write whose response was lost by reading', async () => {
    await control('POST', '/faults', { action: 'CreateRule', kind: 'replyLost' });
    const cloud = createCloud(sandbox);
    const error = await catchFailure(cloud.write(createContractRule(rule)));
    expect(error).toMatchObject({ requestId: null, mayHaveHappened: true, advice: 'readBack' });
    expect(error.code).toMatch(/^Network\./);
    await expect.poll(async () => (await cloud.read(rule)).state).toMatchObject({ exists: true });
    expect((await effects()).map(([, count]) => count)).toEqual([1]);
  });

  it('is advised to retry later when another program keeps the load balancer busy', async () => {
    await control('POST', '/task-time', { ms: 3000 });
    const [ours, theirs] = [createCloud(sandbox), createCloud(sandbox)];
    await theirs.write(createContractRule(secondRule));
    const error = await catchFailure(ours.write(createContractRule(rule)));
    expect(error).toMatchObject({
      code: 'FailedOperation.ResourceInOperating',
      mayHaveHappened: false,
      advice: 'retry',
    });
    expect(error.requestId).toMatch(/\S/);
  });

  it('is advised to read back when the rule to delete is already deleted', async () => {
    const error = await catchFailure(createCloud(sandbox).write(deleteContractRule(rule)));
    expect(error).toMatchObject({ mayHaveHappened: false, advice: 'readBack' });
  });
});

describe('probes', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await start();
  });
  afterAll(() => sandbox.stop());

  it('read the page of the guide’s function through the VIP', async () => {
    const cloud = createCloud(sandbox);
    const { version } = await cloud.deployFunction(spec, randomUUID(), () => {});
    await cloud.wait(await cloud.write(createContractRule(rule)));
    await cloud.wait(await cloud.write(bindContractFunction(rule, spec, version)));
    const answer = await createProber(connectionTo(sandbox), createCloud(sandbox)).probe({
      kind: 'http',
      scheme: 'http',
      host: rule.domain,
      path: '/',
      address: '127.83.1.20',
      port: 80,
      expect: { status: 200, bodyContains: '<h1>Hello CLB</h1>' },
    });
    expect(answer).toMatchObject({ passed: true, status: '200', failure: null });
  });

  it('use HTTPS, and trust the certificate only for its issuer and its names', async () => {
    const ask = (more: Partial<CloudConnection>, host = 'shop.example.co.id') =>
      createProber(connectionTo(sandbox, more), createCloud(sandbox)).probe({
        kind: 'http',
        scheme: 'https',
        host,
        path: '/',
        address: '127.83.1.10',
        port: 443,
        expect: { status: 200, bodyContains: null },
      });
    expect(await ask({})).toMatchObject({ passed: true, status: '200', failure: null });
    expect(await ask({ authority: null })).toMatchObject({ passed: false, status: null });
    expect(await ask({}, 'elsewhere.example.org')).toMatchObject({
      passed: false,
      failure: expect.stringContaining("does not match certificate's altnames"),
    });
  });

  it('use the ports of 127.0.0.1 on systems without an address for each VIP', async () => {
    const shared = await start({ addressMode: 'shared', vipNetwork: '127.113.0.0/16' });
    const { control } = shared.announcement;
    const answer = await createProber(
      connectionTo(shared, { addresses: control }),
      createCloud(shared),
    ).probe({
      kind: 'http',
      scheme: 'https',
      host: 'shop.example.co.id',
      path: '/',
      address: '127.113.1.10',
      port: 443,
      expect: { status: 200, bodyContains: null },
    });
    await shared.stop();
    expect(answer).toMatchObject({ passed: true, address: expect.stringMatching(/^127\.0\.0\.1:/) });
  });

  it('follow the AAAA record of an IPv6 NAT64 load balancer to its content', async () => {
    const { loadBalancers, records } = await createCloud(sandbox).readEstate(() => {});
    const partner = loadBalancers.find(({ name }) => name === 'lb-gz-partner');
    const target = partner && getDnsTarget(partner);
    invariant(partner && target, 'the seed has it');
    expect(partner).toMatchObject({ addressFamily: 'ipv6-nat64', vips: [] });
    expect(target.type).toBe('AAAA');
    expect(records.find(({ subdomain }) => subdomain === 'partner')).toMatchObject(target);
    const prober = createProber(connectionTo(sandbox), createCloud(sandbox));
    const host = 'partner.example.co.id';
    const named = await prober.probe({
      kind: 'dns',
      name: host,
      type: 'AAAA',
      expect: { value: target.value },
    });
    expect(named).toMatchObject({ passed: true });
    const expected = { status: 200, bodyContains: null };
    const answer = await prober.probe({
      kind: 'http',
      scheme: 'http',
      host,
      path: '/',
      address: target.value,
      port: 80,
      expect: expected,
    });
    expect(answer).toMatchObject({ passed: true, status: '200' });
  });

  it('query the name server of the sandbox, through CNAMEs too', async () => {
    const prober = createProber(connectionTo(sandbox), createCloud(sandbox));
    const ask = (name: string, type: 'A' | 'CNAME', value: string) =>
      prober.probe({ kind: 'dns', name, type, expect: { value } });
    const own = 'lb-h6p1t9vd-x7u3ka2m.clb.sg-tencentclb.com';
    const answers = await Promise.all([
      ask('flash.example.co.id', 'A', '127.83.1.10'),
      ask('media.example.co.id', 'CNAME', own),
      ask('media.example.co.id', 'A', '127.83.1.25'),
    ]);
    expect(answers.map(({ failure }) => failure)).toEqual([null, null, null]);
  });
});
