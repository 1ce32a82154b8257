import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CloudMeasure, MeasuredRoute } from '@/lib/estate/measure';
import { RuleRef } from '@/lib/estate/object';
import { invariant } from '@/lib/invariant';
import { type ConnectedSandbox, connectTo, startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { requestPage } from '@/testing/sandbox/data-plane/test-world';
import { clientConfig, createTestClients } from '@/testing/sandbox/test-cloud';
import type { CloudConnection } from './connection';
import { createTencentCloud } from './tencent/cloud';

const region = 'ap-singapore';
const minuteMs = 60_000;

let sandbox: ConnectedSandbox;
/** The time of the sandbox's clock and ours: half a minute into a minute at first. */
let now: number;
const warnings: object[] = [];

beforeAll(async () => {
  sandbox = await startConnectedSandbox({ seed: 'flash-sale', vipNetwork: '127.141.0.0/16', taskMs: 0 });
});
afterAll(() => sandbox.stop());

beforeEach(async () => {
  warnings.length = 0;
  await sandbox.control('POST', '/reset');
  // Close to the machine's time, which clients use for signing.
  now = Math.ceil(Date.now() / minuteMs) * minuteMs + 30_000;
  await sandbox.control('POST', '/clock', { mode: 'virtual', now });
});

async function pass(ms: number): Promise<void> {
  now += ms;
  await sandbox.control('POST', '/clock', { mode: 'virtual', now });
}

function cloud(
  { secretId, secretKey }: Pick<CloudConnection, 'secretId' | 'secretKey'> = sandbox.announcement,
) {
  const log = {
    debug: () => {},
    info: () => {},
    warn: (fields: object) => void warnings.push(fields),
  };
  return createTencentCloud(connectTo(sandbox, { secretId, secretKey }), { now: () => new Date(now), log });
}

function clients() {
  return createTestClients(clientConfig(sandbox.announcement.api, sandbox.announcement, region));
}

function route(
  loadBalancerId: string,
  listenerId: string,
  domain: string,
  functions: MeasuredRoute['functions'] = [],
): MeasuredRoute {
  const ref = RuleRef.parse({ kind: 'rule', region, loadBalancerId, listenerId, domain, url: '/' });
  return { ...ref, functions };
}

const version = {
  namespace: 'flash',
  name: 'checkout',
  qualifier: '1',
  qualifierType: 'VERSION' as const,
  weight: 10,
};
const event = route('lb-q7w2m5rc', 'lbl-n05q7r3t', 'event.example.co.id');
/** On the same listener as `event`; nothing is bound, so it responds with 503. */
const teaser = route('lb-q7w2m5rc', 'lbl-n05q7r3t', 'teaser.example.co.id');
const api = route('lb-5m1c7h4e', 'lbl-n09q7r3t', 'api.example.co.id');
const checkout = route('lb-d0k8y3pn', 'lbl-n08q7r3t', 'checkout.example.co.id', [version]);

/** Sends a request to a VIP and returns the status. */
async function browse(vip: string, host: string): Promise<number> {
  return (await requestPage({ host: vip, port: 80 + sandbox.announcement.portOffset }, { host })).status;
}

const read = async (measure: CloudMeasure, ...routes: readonly MeasuredRoute[]) =>
  (await cloud().measure(measure, routes)).value;

describe('errorRate', () => {
  const vip = '127.141.1.20';

  it('is the share of 5xx responses of the rules only, and null without requests', async () => {
    expect(await read('errorRate', event)).toBeNull();
    for (let n = 0; n < 3; n += 1) expect(await browse(vip, 'event.example.co.id')).toBe(200);
    expect(await browse(vip, 'teaser.example.co.id')).toBe(503);
    // A request is counted when its response has been sent, which may be just after the client has received it.
    await expect.poll(() => read('errorRate', event, teaser)).toBe(25);
    // Rules on the same listener don't affect each other's figures.
    expect(await read('errorRate', event)).toBe(0);
    expect(await read('errorRate', teaser)).toBe(100);
    expect(await read('errorRate', event, { ...teaser, url: '/other' })).toBe(0);
    // A listener without requests is not included.
    expect(await read('errorRate', event, teaser, api)).toBe(25);
    expect(await read('errorRate', api)).toBeNull();
  });

  it('reports the lag of monitoring', async () => {
    expect(await browse(vip, 'event.example.co.id')).toBe(200);
    const measured = () => cloud().measure('errorRate', [event]);
    await expect.poll(measured).toEqual({ value: 0, lagMs: 0 });
    await sandbox.control('PUT', '/assumptions', { 'monitor.delay': 150 });
    await pass(120_000);
    // Half a minute into a minute, with points that show when they are 150 s old: the newest began two and a half
    // minutes ago, and ended a minute later.
    expect(await measured()).toEqual({ value: 0, lagMs: 90_000 });
    await sandbox.control('PUT', '/assumptions', { 'monitor.delay': 600 });
    expect(await measured()).toEqual({ value: null, lagMs: null });
  });

  it('counts the requests of all domains of a rule', async () => {
    const world = Object(await sandbox.control('GET', '/data'));
    const rules = Object.values<object>(world.accounts)
      .flatMap((account) => Object.values<object>(Object(account).loadBalancers))
      .flatMap((balancer) => Object(balancer).listeners)
      .flatMap((listener) => Object(listener).rules);
    const rule = rules.find(({ domain }) => domain === teaser.domain);
    rule.furtherDomains = ['preview.example.co.id'];
    await sandbox.control('PUT', '/data', world);
    expect(await browse(vip, 'preview.example.co.id')).toBe(503);
    await expect.poll(() => read('errorRate', { ...teaser, domain: 'preview.example.co.id' })).toBe(100);
    expect(await read('errorRate', teaser)).toBe(100);
  });

  it('counts server responses, over a sliding last minute', async () => {
    await sandbox.control('POST', '/faults', { kind: 'instanceDown', instanceId: 'ins-eventw1k' });
    expect(await browse(vip, 'event.example.co.id')).toBe(502);
    await expect.poll(() => read('errorRate', event)).toBe(100);
    await sandbox.control('DELETE', '/faults');
    // A quarter of the next minute has passed: three quarters of the minute before still count.
    await pass(45_000);
    expect(await browse(vip, 'event.example.co.id')).toBe(200);
    await expect.poll(() => read('errorRate', event)).toBe(42.857143);
    await pass(45_000);
    expect(await read('errorRate', event)).toBe(0);
  });

  it('covers a private load balancer too', async () => {
    const world = Object(await sandbox.control('GET', '/data'));
    const balancers = Object.values<object>(world.accounts).flatMap((account) =>
      Object.values(Object(account).loadBalancers),
    );
    Object.assign(balancers.find((each) => Object(each).id === event.loadBalancerId) ?? {}, {
      type: 'INTERNAL',
    });
    await sandbox.control('PUT', '/data', world);
    expect(await browse(vip, 'teaser.example.co.id')).toBe(503);
    await expect.poll(() => read('errorRate', teaser)).toBe(100);
  });
});

describe('requestRate', () => {
  it('is the number of requests to domains of a listener per second, over completed minutes', async () => {
    const { functions: _functions, domain, url: _url, ...listener } = event;
    const rateOf = async (...domains: readonly string[]) =>
      (await cloud().requestRate({ ...listener, domains })).value;
    const rate = () => rateOf(domain);
    expect(await rate()).toBe(0);
    for (let n = 0; n < 6; n += 1) await browse('127.141.1.20', 'event.example.co.id');
    await browse('127.141.1.20', 'teaser.example.co.id');
    await expect.poll(() => read('errorRate', event)).toBe(0);
    await expect.poll(() => read('errorRate', teaser)).toBe(100);
    // The current minute does not count yet.
    expect(await rate()).toBe(0);
    await pass(60_000);
    // 6 requests in one of the last 5 minutes.
    expect(await rate()).toBeCloseTo(6 / 60 / 5, 5);
    expect(await rateOf(domain, teaser.domain)).toBeCloseTo(7 / 60 / 5, 5);
  });
});

describe('routeRate', () => {
  it('is the number of requests to only the rules per second in the last minute', async () => {
    const rate = async (...routes: readonly MeasuredRoute[]) => (await cloud().routeRate(routes)).value;
    for (let n = 0; n < 6; n += 1) await browse('127.141.1.20', 'event.example.co.id');
    await browse('127.141.1.20', 'teaser.example.co.id');
    await expect.poll(() => rate(event)).toBeCloseTo(6 / 60, 5);
    await expect.poll(() => rate(event, teaser)).toBeCloseTo(7 / 60, 5);
    expect(await rate(checkout)).toBe(0);
    // There is no such rule, so monitoring has nothing of it.
    expect(await rate({ ...event, url: '/other' })).toBeNull();
    // Half of the next minute has passed, so half of the last 60 seconds were in the minute before.
    await pass(60_000);
    expect(await rate(event)).toBeCloseTo(3 / 60, 5);
  });
});

describe('concurrency', () => {
  const fn = { region, namespace: 'flash', name: 'checkout' };

  it('is the number of concurrently busy instances, and null for a function without calls', async () => {
    expect(await cloud().concurrency({ ...fn, name: 'no-such-function' })).toEqual({
      value: null,
      lagMs: null,
    });
    expect(await browse('127.141.1.21', 'checkout.example.co.id')).toBe(200);
    await expect.poll(async () => (await cloud().concurrency(fn)).value).toBe(1);
  });
});

describe('throttles', () => {
  it('counts the calls that were throttled', async () => {
    const vip = '127.141.1.21';
    const fn = { Namespace: 'flash', FunctionName: 'checkout' };
    expect(await browse(vip, 'checkout.example.co.id')).toBe(200);
    await expect.poll(() => read('throttles', checkout)).toBe(0);
    await clients().scf.DeleteProvisionedConcurrencyConfig({ ...fn, Qualifier: '1' });
    await clients().scf.PutReservedConcurrencyConfig({ ...fn, ReservedConcurrencyMem: 0 });
    for (let n = 0; n < 3; n += 1) await browse(vip, 'checkout.example.co.id');
    await expect.poll(() => read('throttles', checkout)).toBe(3);
    // Two rules that call one function don't count its calls twice.
    expect(await read('throttles', checkout, { ...checkout, domain: 'pay.example.co.id' })).toBe(3);
    expect(await read('throttles', event)).toBeNull();
  });
});

describe('unhealthyTargets', () => {
  it('is the share of targets that fail their check', async () => {
    expect(await read('unhealthyTargets', api, event)).toBe(0);
    await sandbox.control('POST', '/faults', { kind: 'instanceDown', instanceId: 'ins-eventw1k' });
    await pass(20_000);
    expect(await read('unhealthyTargets', event)).toBe(100);
    expect(await read('unhealthyTargets', api)).toBe(0);
    expect(await read('unhealthyTargets', api, event)).toBe(33.333333);
  });

  it('is null if no target is checked', async () => {
    expect(await read('unhealthyTargets', teaser, checkout)).toBeNull();
  });
});

describe('provisionedLost', () => {
  it('is the share of provisioned instances that are not ready, by version and alias', async () => {
    const alias = { ...version, qualifier: 'live', qualifierType: 'ALIAS' as const };
    const latest = { ...version, qualifier: '$LATEST' };
    expect(await read('provisionedLost', checkout)).toBeNull();
    await clients().scf.PutProvisionedConcurrencyConfig({
      Namespace: 'flash',
      FunctionName: 'checkout',
      Qualifier: '1',
      VersionProvisionedConcurrencyNum: 10,
    });
    expect(await read('provisionedLost', checkout)).toBe(100);
    await pass(3000);
    expect(await read('provisionedLost', checkout)).toBe(50);
    expect(await read('provisionedLost', { ...checkout, functions: [alias] })).toBe(50);
    expect(await read('provisionedLost', { ...checkout, functions: [latest] })).toBeNull();
    await pass(3000);
    expect(await read('provisionedLost', checkout)).toBe(0);
    expect(await read('provisionedLost', event)).toBeNull();
  });
});

it('a measure that the key may not read is null, says so, and is reported once', async () => {
  const world = Object(await sandbox.control('GET', '/data'));
  for (const { policies } of Object.values<Record<string, object>>(world.accounts)) {
    for (const policy of Object.values(policies ?? {})) {
      const [statement] = policy.document.statement;
      statement.action = statement.action.filter((action: string) => action !== 'monitor:GetMonitorData');
    }
  }
  await sandbox.control('PUT', '/data', world);
  const reviewer = sandbox.announcement.accounts[0]?.users[0];
  invariant(reviewer?.name === 'reviewer', 'the seed has a reviewer');
  const own = cloud(reviewer);
  const unread = { value: null, lagMs: null, isForbidden: true };
  expect(await own.measure('errorRate', [event])).toEqual(unread);
  expect(await own.measure('errorRate', [event])).toEqual(unread);
  expect(await own.requestRate({ ...event, domains: [event.domain] })).toEqual(unread);
  expect(await own.routeRate([event])).toEqual(unread);
  expect(await own.measure('unhealthyTargets', [event])).toEqual({ value: 0, lagMs: 0 });
  expect(warnings).toEqual([
    expect.objectContaining({ measure: 'errorRate', code: expect.stringMatching(/Unauthorized/) }),
    expect.objectContaining({ measure: 'requestRate', code: expect.stringMatching(/Unauthorized/) }),
    expect.objectContaining({ measure: 'routeRate', code: expect.stringMatching(/Unauthorized/) }),
  ]);
});

it('other failures are CloudErrors', async () => {
  const gone = route('lb-none0000', 'lbl-none0000', 'event.example.co.id');
  for (const measure of ['errorRate', 'unhealthyTargets'] as const) {
    await expect(read(measure, gone)).rejects.toMatchObject({ name: 'CloudError' });
  }
});
