import { pino } from 'pino';
import { CommonClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createFunctionRuntime, type FunctionRuntime } from '@/lib/sandbox/functions/runtime';
import served from '@/lib/sandbox/world/served-actions.json';
import { clientConfig, startTestCloud, type TestCloud } from '@/testing/sandbox/test-cloud';
import { accessExamples } from './access-examples';
import { clbExamples } from './clb-examples';
import { clbGroupExamples } from './clb-group-examples';
import { clbTargetExamples } from './clb-target-examples';
import { shapeProblems } from './documented-shape';
import type { Example, ExampleAnswer, ExampleCloud, ExampleNames } from './example';
import { otherExamples } from './other-examples';
import { scfExamples } from './scf-examples';

/**
 * Replays the official examples of every action that the sandbox serves: the request is accepted, and the response has
 * the documented shape. By default this runs on the sandbox. With TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY
 * (and TENCENTCLOUD_REGION, ap-guangzhou by default) in the environment, read-only examples are also replayed on that
 * real account.
 */
const examples: readonly Example[] = [
  ...clbExamples,
  ...clbTargetExamples,
  ...clbGroupExamples,
  ...scfExamples,
  ...accessExamples,
  ...otherExamples,
];

test('has an example for every served action', () => {
  const shown = new Set(examples.map(({ service, action }) => `${service} ${action}`));
  const all = Object.entries(served).flatMap(([service, { actions }]) =>
    actions.map((action) => `${service} ${action}`),
  );
  expect(all.filter((each) => !shown.has(each))).toEqual([]);
});

type Config = ConstructorParameters<typeof CommonClient>[2];

const versions: Readonly<Record<string, { version: string }>> = served;

function createCaller(
  config: (service: string, region: string) => Config,
  region: string,
): ExampleCloud['call'] {
  return async (service, action, request = {}, elsewhere = region) => {
    const made = config(service, elsewhere);
    const endpoint = made.profile?.httpProfile?.endpoint ?? `${service}.tencentcloudapi.com`;
    const client = new CommonClient(endpoint, versions[service]?.version ?? '', made);
    return client.request(action, request);
  };
}

describe('on the sandbox', () => {
  let runtime: FunctionRuntime;
  beforeAll(() => {
    runtime = createFunctionRuntime({ log: pino({ level: 'silent' }) });
  });
  afterAll(() => runtime.stop());

  let cloud: TestCloud;
  afterEach(() => cloud.plane.stop());

  async function sandbox(): Promise<ExampleCloud> {
    cloud = await startTestCloud({ runtime });
    const account = cloud.account('small-standard');
    const { reader } = account.users;
    if (!reader) throw new Error('the seed has no sub-user');
    const place = { loadBalancerId: 'lb-scf00001', listenerId: 'lbl-scf00001' };
    account.customConfigs['pz-server01'] = {
      id: 'pz-server01',
      name: 'upload',
      kind: 'SERVER',
      region: 'ap-singapore',
      tags: {},
      content: 'client_max_body_size 222M;',
      bindings: [{ ...place, domain: 'idle.example.com', ruleId: null }],
      createdAt: reader.createdAt,
      modifiedAt: reader.createdAt,
    };
    const balancer = account.loadBalancers['lb-cvm00001'];
    if (!balancer) throw new Error('the seed has no load balancer');
    account.loadBalancers['lb-old00009'] = {
      ...structuredClone(balancer),
      id: 'lb-old00009',
      forward: 0,
      vips: ['127.81.1.9'],
    };
    const everyone = { protocol: 'TCP', ports: 'ALL', source: '0.0.0.0/0', description: '' } as const;
    account.securityGroups = {
      'sg-web00001': {
        id: 'sg-web00001',
        region: 'ap-singapore',
        modifiedAt: reader.createdAt,
        ingress: [{ action: 'ACCEPT', ...everyone }],
      },
    };
    account.roles = {
      example: {
        id: '4611686018427397919',
        name: 'example',
        policyIds: reader.policyIds,
        trustedUins: [account.uin],
        externalId: 'example',
      },
    };
    const keys = cloud.keys('small-standard');
    const names: ExampleNames = {
      region: 'ap-singapore',
      loadBalancer: 'lb-scf00001',
      role: `qcs::cam::uin/${account.uin}:roleName/example`,
      classic: 'lb-old00009',
      securityGroup: 'sg-web00001',
      vip: account.loadBalancers['lb-scf00001']?.vips[0] ?? null,
      listener: 'lbl-scf00001',
      rule: 'loc-idle0001',
      domain: 'idle.example.com',
      function: 'hello',
      instance: 'ins-web00001',
      zone: 'example.com',
      record: 500_000_001,
      serverConfig: 'pz-server01',
      user: { uin: Number(reader.uin) },
      policy: reader.policyIds[0] ?? null,
    };
    const call = createCaller(
      (_service, region) => clientConfig(cloud.plane.api, keys, region),
      names.region,
    );
    return {
      names,
      call,
      now: () => cloud.clock.now(),
      write: async (...args) => {
        const answer = await call(...args);
        // Ends the task, or the transitional state of a function, that the write has started.
        cloud.clock.advance(1000);
        return answer;
      },
    };
  }

  test.each(examples)('$service $action: $what', async (example) => {
    const answer = await example.replay(await sandbox());
    expect(shapeProblems(example.service, example.action, answer)).toEqual([]);
  });
});

test('detects a wrong response', () => {
  const answer = { Status: '0', LoadBalancerIds: null, Message: null, Extra: 1 };
  expect(shapeProblems('clb', 'DescribeTaskStatus', answer)).toEqual([
    expect.stringContaining("must have required property 'RequestId'"),
    expect.stringContaining('additional'),
    expect.stringContaining('/Status must be number'),
  ]);
  const health = { Rules: [{ LocationId: null }], ListenerId: 'lbl-1', ListenerName: '', Protocol: 'TCP' };
  const balancer = { LoadBalancerId: 'lb-1', LoadBalancerName: '', Listeners: [health] };
  expect(shapeProblems('clb', 'DescribeTargetHealth', { LoadBalancers: [balancer], RequestId: '' })).toEqual(
    expect.arrayContaining([
      expect.stringContaining("Listeners/0 must have required property 'Port'"),
      expect.stringContaining('Rules/0/LocationId must be string'),
      expect.stringContaining("Rules/0 must have required property 'Targets'"),
    ]),
  );
  expect(
    shapeProblems('vpc', 'DescribeSubnets', { SubnetSet: [{}], TotalCount: 1, RequestId: '' }),
  ).toContain('SubnetSet[].CidrBlock is missing');
});

const { TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey } = process.env;
const realRegion = process.env.TENCENTCLOUD_REGION ?? 'ap-guangzhou';

/** Discovers what the account has, with read-only calls. */
async function discover(call: ExampleCloud['call']): Promise<ExampleNames> {
  const first = async (service: string, action: string, list: string, request: object = {}) => {
    const answer: ExampleAnswer = await call(service, action, request).catch(() => ({}));
    const found = answer[list];
    return (Array.isArray(found) ? found[0] : undefined) as ExampleAnswer | undefined;
  };
  const text = (answer: ExampleAnswer | undefined, field: string) => {
    const value = [answer?.[field]].flat()[0];
    return typeof value === 'string' ? value : null;
  };
  const number = (answer: ExampleAnswer, field: string) => Number(answer[field]);
  const user = (await first('cam', 'ListUsers', 'Data')) ?? null;
  const policy = await first('cam', 'ListPolicies', 'List');
  const balancer = await first('clb', 'DescribeLoadBalancers', 'LoadBalancerSet');
  const loadBalancer = text(balancer, 'LoadBalancerId');
  const zone = text(await first('dnspod', 'DescribeDomainList', 'DomainList'), 'Name');
  return {
    region: realRegion,
    loadBalancer,
    classic: null,
    securityGroup: null,
    vip: text(balancer, 'LoadBalancerVips'),
    listener: null,
    rule: null,
    domain: null,
    function: text(await first('scf', 'ListFunctions', 'Functions'), 'FunctionName'),
    instance: text(await first('cvm', 'DescribeInstances', 'InstanceSet'), 'InstanceId'),
    zone,
    record: null,
    serverConfig: null,
    user: user && { uin: number(user, 'Uin') },
    policy: policy ? number(policy, 'PolicyId') : null,
    role: null,
  };
}

if (secretId && secretKey) {
  const credential = { secretId, secretKey };
  const call = createCaller((_service, region) => ({ credential, region }), realRegion);
  const names = await discover(call);
  const cloud: ExampleCloud = {
    names,
    call,
    now: Date.now,
    write: () => Promise.reject(new Error('this account is only read')),
  };
  const able = examples.filter(
    ({ readOnly, needs = [] }) => readOnly && needs.every((name) => names[name] !== null),
  );
  test.each(able)('real account: $service $action: $what', async (example) => {
    const answer = await example.replay(cloud);
    expect(shapeProblems(example.service, example.action, answer)).toEqual([]);
  });
}
