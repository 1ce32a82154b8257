import { CommonClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js';
import { afterEach, describe, expect, test } from 'vitest';
import served from '../api/served-actions.json';
import { clientConfig, startTestCloud, type TestCloud } from '../test-cloud';
import { clbExamples } from './clb-examples';
import { shapeProblems } from './documented-shape';
import type { Answer, Cloud, Example, Names } from './example';
import { otherExamples } from './other-examples';
import { scfExamples } from './scf-examples';

/**
 * The official examples of every action that the sandbox serves, replayed: the request is taken, and the answer has
 * the documented shape. By default on the sandbox. With TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY (and
 * TENCENTCLOUD_REGION, ap-guangzhou by default) in the environment, those that only read are replayed on that real
 * account too.
 */
const examples: readonly Example[] = [...clbExamples, ...scfExamples, ...otherExamples];

type Config = ConstructorParameters<typeof CommonClient>[2];

const versions: Readonly<Record<string, { version: string }>> = served;

function callerOf(config: (service: string, region: string) => Config, region: string): Cloud['call'] {
  return async (service, action, request = {}, elsewhere = region) => {
    const made = config(service, elsewhere);
    const endpoint = made.profile?.httpProfile?.endpoint ?? `${service}.tencentcloudapi.com`;
    const client = new CommonClient(endpoint, versions[service]?.version ?? '', made);
    return client.request(action, request);
  };
}

describe('on the sandbox', () => {
  let cloud: TestCloud;
  afterEach(() => cloud.plane.stop());

  async function sandbox(): Promise<Cloud> {
    cloud = await startTestCloud();
    const account = cloud.account('small-standard');
    const names: Names = {
      region: 'ap-singapore',
      loadBalancer: 'lb-scf00001',
      vip: account.loadBalancers['lb-scf00001']?.vips[0] ?? null,
      listener: 'lbl-scf00001',
      rule: 'loc-idle0001',
      domain: 'idle.example.com',
      function: 'hello',
      instance: 'ins-web00001',
      zone: 'example.com',
      record: 500_000_001,
      targetGroup: 'lbtg-none0001',
    };
    const call = callerOf((_service, region) => clientConfig(cloud.plane.api, account, region), names.region);
    return {
      names,
      call,
      write: async (...args) => {
        const answer = await call(...args);
        // Ends the task, or the passing state of a function, that the write has begun.
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

test('a wrong answer is found', () => {
  const answer = { Status: '0', LoadBalancerIds: ['lb-1'], Extra: 1 };
  expect(shapeProblems('clb', 'DescribeTaskStatus', answer)).toEqual([
    expect.stringContaining('additional'),
    expect.stringContaining('/Status must be number'),
    expect.stringContaining('/Status must be null'),
    'RequestId is missing',
  ]);
});

const { TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey } = process.env;
const realRegion = process.env.TENCENTCLOUD_REGION ?? 'ap-guangzhou';

/** What the account has, asked for with calls that only read. */
async function discover(call: Cloud['call']): Promise<Names> {
  const first = async (service: string, action: string, list: string, request: object = {}) => {
    const answer: Answer = await call(service, action, request).catch(() => ({}));
    const found = answer[list];
    return (Array.isArray(found) ? found[0] : undefined) as Answer | undefined;
  };
  const text = (answer: Answer | undefined, field: string) => {
    const value = [answer?.[field]].flat()[0];
    return typeof value === 'string' ? value : null;
  };
  const balancer = await first('clb', 'DescribeLoadBalancers', 'LoadBalancerSet');
  const loadBalancer = text(balancer, 'LoadBalancerId');
  const zone = text(await first('dnspod', 'DescribeDomainList', 'DomainList'), 'Name');
  return {
    region: realRegion,
    loadBalancer,
    vip: text(balancer, 'LoadBalancerVips'),
    listener: null,
    rule: null,
    domain: null,
    function: text(await first('scf', 'ListFunctions', 'Functions'), 'FunctionName'),
    instance: text(await first('cvm', 'DescribeInstances', 'InstanceSet'), 'InstanceId'),
    zone,
    record: null,
    targetGroup: text(await first('clb', 'DescribeTargetGroupList', 'TargetGroupSet'), 'TargetGroupId'),
  };
}

if (secretId && secretKey) {
  const credential = { secretId, secretKey };
  const call = callerOf((_service, region) => ({ credential, region }), realRegion);
  const names = await discover(call);
  const cloud: Cloud = {
    names,
    call,
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
