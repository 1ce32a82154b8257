import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { RecordSetRef } from '@/lib/estate/object';
import { byAction, gatewayAnswer, testGateways } from '@/testing/cloud/tencent/test-gateway';
import type { FunctionSpec, WriteReceipt } from '../port';
import { createTencentCloud } from './cloud';

const { startGateway, connectionTo, close } = testGateways();
afterEach(close);

/** Creates a cloud whose time advances only through its own pauses. */
function cloudAt(endpoint: string) {
  let ms = 0;
  return createTencentCloud(connectionTo(endpoint), {
    now: () => new Date(ms),
    sleep: async (pause) => {
      ms += pause;
    },
    random: () => 0.5,
    log: { debug: () => {}, info: () => {}, warn: () => {} },
  });
}

const receipt: WriteReceipt = {
  action: 'CreateRule',
  requestId: 'r-write',
  taskId: 'r-write',
  region: 'ap-jakarta',
  loadBalancerId: 'lb-1',
};

describe('wait', () => {
  it('times out with the information that the write may have happened', async () => {
    const gateway = await startGateway(gatewayAnswer({ Status: 2, RequestId: 'r-1' }));
    await expect(cloudAt(gateway.endpoint).wait(receipt)).rejects.toMatchObject({
      data: { code: 'Task.Timeout', requestId: 'r-write', mayHaveHappened: true, advice: 'readBack' },
    });
    // Each pause is a fortieth of the elapsed time: 40 in the first 4 s, 93 in the next 36, then one a second.
    expect(gateway.requests()).toBeGreaterThan(205);
    expect(gateway.requests()).toBeLessThan(220);
  });

  it('never advises to repeat a write whose task could not be read', async () => {
    const throttled = { Error: { Code: 'RequestLimitExceeded', Message: 'slower' }, RequestId: 'r-1' };
    const gateway = await startGateway(gatewayAnswer(throttled));
    await expect(cloudAt(gateway.endpoint).wait(receipt)).rejects.toMatchObject({
      data: { code: 'RequestLimitExceeded', mayHaveHappened: true, advice: 'readBack' },
    });
  });

  it('returns at once after a DNS write', async () => {
    const gateway = await startGateway(gatewayAnswer({}));
    await cloudAt(gateway.endpoint).wait({ ...receipt, taskId: null });
    expect(gateway.requests()).toBe(0);
  });
});

describe('deployFunction', () => {
  const spec: FunctionSpec = {
    region: 'ap-jakarta',
    namespace: 'default',
    name: 'hello',
    runtime: 'Python3.6',
    handler: 'index.main_handler',
    code: 'def main_handler(event, context): pass',
    memoryMb: 128,
    timeoutS: 3,
  };
  const detail = {
    FunctionName: 'hello',
    Namespace: 'default',
    Type: 'Event',
    Runtime: 'Python3.6',
    Handler: 'index.main_handler',
    MemorySize: 128,
    Timeout: 3,
    ModTime: '2024-12-17 17:52:48',
  };

  it("fails with the cloud's reason when the function cannot be created", async () => {
    const failed = {
      ...detail,
      Status: 'CreateFailed',
      StatusReasons: [{ ErrorMessage: 'no such runtime' }],
    };
    const missing = { Error: { Code: 'ResourceNotFound.Function', Message: 'none' }, RequestId: 'r-1' };
    const gateway = await startGateway(
      gatewayAnswer(missing),
      byAction({ CreateFunction: {}, GetFunction: failed }),
    );
    await expect(
      cloudAt(gateway.endpoint).deployFunction(spec, randomUUID(), () => {}),
    ).rejects.toMatchObject({
      data: { code: 'Function.CreateFailed', message: 'no such runtime' },
    });
  });

  it('times out', async () => {
    const gateway = await startGateway(
      byAction({ GetFunction: { ...detail, Status: 'Updating' }, ListVersionByFunction: { Versions: [] } }),
    );
    await expect(cloudAt(gateway.endpoint).deployFunction(spec, randomUUID(), () => {})).rejects.toThrow(
      /Function\.Timeout: hello \$LATEST is Updating after 120 s/,
    );
  });

  it('refuses a handler that names no file, before anything is sent', async () => {
    const gateway = await startGateway(byAction({}));
    const refused = cloudAt(gateway.endpoint).deployFunction(
      { ...spec, handler: 'main' },
      randomUUID(),
      () => {},
    );
    await expect(refused).rejects.toMatchObject({ data: { code: 'Refused.HandlerUnusable' } });
    expect(gateway.requests()).toBe(0);
  });
});

it('lets queued reads share a call, except reads that arrive after it was sent', async () => {
  const none = { Error: { Code: 'ResourceNotFound.NoDataOfRecord', Message: 'none' }, RequestId: 'r-1' };
  const gateway = await startGateway(gatewayAnswer(none));
  const cloud = cloudAt(gateway.endpoint);
  const set = (lineId: string) =>
    RecordSetRef.parse({
      kind: 'recordSet',
      zone: 'example.co.id',
      subdomain: 'flash',
      lineId,
      line: lineId,
    });
  // The last read follows immediately after something else has ended, as the next write follows the previous one.
  const ended = Promise.resolve().then(() => Promise.resolve());
  await Promise.all([
    ...['0', '0', '10=1'].map((line) => cloud.read(set(line))),
    ended.then(() => cloud.read(set('0'))),
  ]);
  expect(gateway.requests()).toBe(1);
  await cloud.read(set('0'));
  expect(gateway.requests()).toBe(2);
});

it('treats "no data of record" as an empty set', async () => {
  const none = { Error: { Code: 'ResourceNotFound.NoDataOfRecord', Message: 'none' } };
  const gateway = await startGateway(byAction({ DescribeRecordList: none }));
  const ref = RecordSetRef.parse({
    kind: 'recordSet',
    zone: 'example.co.id',
    subdomain: 'b',
    lineId: '0',
    line: 'Default',
  });
  await expect(cloudAt(gateway.endpoint).read(ref)).resolves.toEqual({
    state: { kind: 'recordSet', records: [] },
    ids: {},
    at: expect.any(Date),
  });
});

it('keeps readable parts beside unreadable ones, and all domains of a rule', async () => {
  const loadBalancer = {
    LoadBalancerId: 'lb-1',
    LoadBalancerType: 'OPEN',
    Forward: 1,
    Status: 1,
    VpcId: 'vpc-1',
  };
  const rule = { LocationId: 'loc-1', Domains: ['b.shop.test', 'c.shop.test'], Url: '/' };
  const gateway = await startGateway(
    byAction({
      GetCallerIdentity: { AccountId: '100' },
      DescribeNetworkAccountType: { NetworkAccountType: 'STANDARD' },
      DescribeLoadBalancers: { TotalCount: 1, LoadBalancerSet: [loadBalancer] },
      DescribeListeners: {
        Listeners: [{ ListenerId: 'lbl-1', Protocol: 'HTTP', Port: 80, Rules: [rule] }],
      },
      DescribeTargets: {
        Listeners: [{ ListenerId: 'lbl-1', Targets: null, Rules: [{ LocationId: 'loc-1', Targets: [] }] }],
      },
      ListNamespaces: { TotalCount: 1, Namespaces: [{ Name: 'default' }] },
      ListFunctions: { TotalCount: 0, Functions: [] },
      DescribeDomainList: { DomainCountInfo: { DomainTotal: 0 }, DomainList: [] },
      // Everything else goes to the broken gateway.
    }),
  );
  const estate = await cloudAt(gateway.endpoint).readEstate(() => {});
  expect(estate.rules.map(({ domain, domains }) => [domain, ...domains])).toEqual([
    ['b.shop.test', 'b.shop.test', 'c.shop.test'],
  ]);
  // This region has no SCF, so no call is sent.
  const places = ['clb-config', 'clb-health', 'clb-protection', 'clb-quota', 'cvm'];
  expect(estate.gaps).toEqual(
    [
      ...places.map((place) => `${place}/ap-jakarta`),
      'igtm',
      'ssl',
      'vpc/ap-jakarta',
      'zones/ap-jakarta',
    ].map((part) => ({
      part,
      reason: expect.stringContaining('Http.502'),
    })),
  );
});
