import { afterEach, expect, test } from 'vitest';
import {
  catchCode,
  catchRefusal,
  clientConfig,
  createTestClients,
  startTestCloud,
  type TestCloud,
} from '@/testing/sandbox/test-cloud';
import { registry } from './api/perform';
import served from './world/served-actions.json';

const clouds: TestCloud[] = [];
async function start(...given: Parameters<typeof startTestCloud>): Promise<TestCloud> {
  const cloud = await startTestCloud(...given);
  clouds.push(cloud);
  return cloud;
}
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.plane.stop()));
});

/** Sends an action that the SDK has no method for. */
function send(
  cloud: TestCloud,
  action: string,
  params: object,
  { service = 'clb' as const, region = 'ap-singapore' } = {},
) {
  return cloud.clients({ region })[service].request(action, params);
}

test('implements every action of the list and no other', () => {
  const listed = Object.entries(served).map(([service, { actions }]) => [service, [...actions].sort()]);
  const coded = Object.entries(registry).map(([service, actions]) => [service, Object.keys(actions).sort()]);
  expect(Object.fromEntries(coded)).toEqual(Object.fromEntries(listed));
});

test('rejects invalid keys with the cloud’s own error messages', async () => {
  let wallNow = Date.now();
  const cloud = await start({ wallNow: () => wallNow });
  const { secretId, secretKey } = cloud.keys('small-standard');
  const with_ = (keys: { secretId: string; secretKey: string }) =>
    createTestClients(clientConfig(cloud.plane.api, keys, 'ap-singapore')).clb.DescribeLoadBalancers({});
  expect(await catchCode(with_({ secretId, secretKey: 'wrong' }))).toBe('AuthFailure.SignatureFailure');
  expect(await catchCode(with_({ secretId: 'AKIDNOBODY', secretKey }))).toBe('AuthFailure.SecretIdNotFound');
  // Signatures are checked against real time, independently of the sandbox's clock.
  cloud.clock.advance(30 * 86_400_000);
  await with_({ secretId, secretKey });
  wallNow += 302_000;
  expect(await catchCode(with_({ secretId, secretKey }))).toBe('AuthFailure.SignatureExpire');
});

const nested = (depth: number) => {
  let value: unknown = 'x';
  for (let at = 0; at < depth; at += 1) value = [value];
  return value;
};

test.each([
  ['nests too deep', { Rules: nested(33) }, 'deeper than 32 levels'],
  ['has too many members', { LoadBalancerIds: Array(100_001).fill('') }, 'more than 100000 members'],
  [
    'has too many values',
    { Rules: Array.from({ length: 20 }, () => ({ Domains: Array(15_000).fill('') })) },
    'more than 200000 values',
  ],
])('refuses a request that %s, and answers the next one', async (_, params, message) => {
  const cloud = await start();
  const refusal = await catchRefusal(send(cloud, 'CreateRule', params));
  expect(refusal.code).toBe('InvalidParameter');
  expect(refusal.message).toContain(message);
  await cloud.clients().clb.DescribeLoadBalancers({});
});

test('refuses an event that no runtime could read', async () => {
  const cloud = await start();
  const invoke = { FunctionName: 'hello', ClientContext: JSON.stringify(nested(501)) };
  const refusal = await catchRefusal(cloud.clients().scf.Invoke(invoke));
  expect(refusal).toMatchObject({ code: 'InvalidParameterValue.Param' });
  expect(refusal.message).toContain('deeper than 500 levels');
});

test('responds in JSON with a request id and status 200, also for errors', async () => {
  const cloud = await start();
  const response = await fetch(cloud.plane.api, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({
    Response: {
      Error: { Code: 'AuthFailure.InvalidAuthorization', Message: expect.any(String) },
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
  });
});

test('rejects unknown actions, versions and regions', async () => {
  const cloud = await start();
  expect(await catchCode(send(cloud, 'DescribeNothing', {}))).toBe('InvalidAction');
  // An action of another service, with the version of this one.
  expect(await catchCode(send(cloud, 'ListFunctions', {}))).toBe('NoSuchVersion');
  expect(await catchCode(send(cloud, 'DescribeLoadBalancers', {}, { region: 'ap-nowhere' }))).toBe(
    'UnsupportedRegion',
  );
  expect(await catchCode(send(cloud, 'DescribeLoadBalancers', {}, { region: '' }))).toBe('MissingParameter');
});

test('checks requests against the SDK’s own declarations', async () => {
  const cloud = await start();
  const refused = (action: string, params: object) => catchRefusal(send(cloud, action, params));
  expect(await refused('DescribeLoadBalancers', { Limt: 1 })).toEqual({
    code: 'UnknownParameter',
    message: 'The parameter `Limt` is not recognized.',
  });
  expect(await refused('DescribeTargets', {})).toMatchObject({
    code: 'MissingParameter',
    message: expect.stringContaining('`LoadBalancerId`'),
  });
  const targets = [{ Port: 80, Weight: 1.5 }];
  const nested = { LoadBalancerId: 'lb-x', ListenerId: 'lbl-x', Targets: targets };
  expect(await refused('RegisterTargets', nested)).toMatchObject({
    code: 'InvalidParameterValue',
    message: expect.stringContaining('`Targets.0.Weight`'),
  });
  expect(await catchCode(send(cloud, 'DescribeTargets', { LoadBalancerId: 7 }))).toBe('InvalidParameter');
  expect(
    await catchCode(send(cloud, 'DescribeLoadBalancers', { Filters: [{ Name: 'constructor', Values: [] }] })),
  ).toBe('InvalidParameterValue.InvalidFilter');
});

test('accepts actions without parameters, and services without regions', async () => {
  const cloud = await start();
  const { sts, vpc, dnspod } = cloud.clients({ region: '' });
  expect(await sts.GetCallerIdentity(null)).toMatchObject({ AccountId: '100000000001' });
  expect((await dnspod.DescribeDomainList({})).DomainList).toHaveLength(1);
  expect(await catchCode(vpc.DescribeNetworkAccountType(null))).toBe('MissingParameter');
  const legacy = cloud.clients({ account: 'small-legacy' }).vpc;
  expect((await legacy.DescribeNetworkAccountType(null)).NetworkAccountType).toBe('LEGACY');
});

test('allows a burst from an unthrottled client at most twenty responses in any second', async () => {
  const wallNow = Date.now();
  const cloud = await start({ wallNow: () => wallNow });
  const { clb } = cloud.clients();
  const burst = async () => {
    const calls = Array.from({ length: 60 }, () => clb.DescribeLoadBalancers({}));
    const settled = await Promise.allSettled(calls);
    const refused = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
    return { answered: 60 - refused.length, codes: [...new Set(refused)] };
  };
  const throttled = { answered: 20, codes: ['RequestLimitExceeded'] };
  expect(await burst()).toEqual(throttled);
  // Other actions and other accounts have their own limits.
  await clb.DescribeTargets({ LoadBalancerId: 'lb-cvm00001' });
  await cloud.clients({ account: 'small-legacy' }).clb.DescribeLoadBalancers({});
  cloud.clock.advance(999);
  expect(await burst()).toEqual({ ...throttled, answered: 0 });
  cloud.clock.advance(1);
  expect(await burst()).toEqual(throttled);
});

test('refuses a request above the size limit without reading it', async () => {
  const cloud = await start();
  const zip = 'A'.repeat(11 * 1024 * 1024);
  const call = cloud.clients().scf.CreateFunction({ FunctionName: 'big', Code: { ZipFile: zip } });
  expect(await catchCode(call)).toBe('RequestSizeLimitExceeded');
});

test('pages through load balancers and returns each exactly once', async () => {
  const cloud = await start({ seed: 'flash-sale' });
  const { clb } = cloud.clients();
  const seen: (string | undefined)[] = [];
  for (let offset = 0; offset < 6; offset += 2) {
    const answer = await clb.DescribeLoadBalancers({ Offset: offset, Limit: 2 });
    expect(answer.TotalCount).toBe(6);
    seen.push(...(answer.LoadBalancerSet ?? []).map((lb) => lb.LoadBalancerId));
  }
  expect(new Set(seen).size).toBe(6);
  const named = await clb.DescribeLoadBalancers({ SearchKey: 'sin-classic' });
  expect(named.LoadBalancerSet).toMatchObject([{ LoadBalancerId: 'lb-c2z5j8sy', Forward: 0 }]);
  expect(await catchCode(clb.DescribeLoadBalancers({ Limit: 101 }))).toBe('InvalidParameterValue.Range');
  const ids = Array.from({ length: 21 }, (_, n) => `lb-${n}`);
  expect(await catchCode(clb.DescribeLoadBalancers({ LoadBalancerIds: ids }))).toBe(
    'InvalidParameterValue.Length',
  );
});
