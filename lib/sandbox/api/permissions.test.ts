import { afterAll, beforeEach, expect, test } from 'vitest';
import {
  catchCode,
  catchRefusal,
  clientConfig,
  createTestClients,
  startTestCloud,
} from '@/testing/sandbox/test-cloud';
import type { WorldPolicy } from '../world/access';

const cloud = await startTestCloud({ seed: 'flash-sale', vipNetwork: '127.107.0.0/16' });
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

function clientsOfUser(name: string) {
  return createTestClients(clientConfig(cloud.plane.api, cloud.keys('niaga', name), 'ap-singapore'));
}

type Statement = WorldPolicy['document']['statement'][number];

/** Gives the reviewer only these statements. */
function only(...statement: Statement[]) {
  const account = cloud.account('niaga');
  account.policies[9] = {
    id: 9,
    name: 'test',
    description: '',
    kind: 'User',
    createdAt: 0,
    document: { version: '2.0', statement },
  };
  const { reviewer } = account.users;
  if (reviewer) reviewer.policyIds = [9];
  return clientsOfUser('reviewer');
}
const allow = (action: string, ...resource: string[]): Statement => ({
  effect: 'allow',
  action: [action],
  resource: resource.length > 0 ? resource : ['*'],
});
const deny = (action: string, ...resource: string[]): Statement => ({
  ...allow(action, ...resource),
  effect: 'deny',
});

const listener = { LoadBalancerId: 'lb-q7w2m5rc', ListenerId: 'lbl-n05q7r3t' };
const newRule = { ...listener, Rules: [{ Domain: 'new.example.co.id', Url: '/' }] };

test('lets a reviewer read and nothing else, with CAM’s own messages', async () => {
  const { clb, cvm, scf, dnspod, vpc } = clientsOfUser('reviewer');
  expect((await clb.DescribeLoadBalancers({})).TotalCount).toBeGreaterThan(0);
  await cvm.DescribeInstances({});
  await scf.ListFunctions({});
  await vpc.DescribeNetworkAccountType(null);
  await dnspod.DescribeRecordList({ Domain: 'example.co.id' });
  expect(await catchRefusal(clb.CreateRule(newRule))).toEqual({
    code: 'UnauthorizedOperation',
    message: expect.stringMatching(
      /^\[request id:[0-9a-f-]{36}\]you are not authorized to perform operation \(clb:CreateRule\)\nresource \(qcs::clb:ap-singapore:uin\/100028471935:clb\/lb-q7w2m5rc\) has no permission\n$/,
    ),
  });
  expect(await catchCode(vpc.DescribeAddresses({}))).toBe('UnauthorizedOperation');
  // CAM responds with a different code here.
  expect(await catchCode(clientsOfUser('reviewer').cam.GetUserAppId(null))).toBe(
    'AuthFailure.UnauthorizedOperation',
  );
});

test('lets an operator move traffic, but not provision', async () => {
  const { clb } = clientsOfUser('operator');
  expect((await clb.CreateRule(newRule)).LocationIds).toHaveLength(1);
  expect(await catchCode(clb.DeleteLoadBalancer({ LoadBalancerIds: ['lb-q7w2m5rc'] }))).toBe(
    'UnauthorizedOperation',
  );
});

test('denies a denied action whatever else allows it', async () => {
  const { clb } = only(allow('clb:*'), deny('clb:Create*'));
  await clb.DescribeListeners({ LoadBalancerId: 'lb-q7w2m5rc' });
  expect(await catchCode(clb.CreateRule(newRule))).toBe('UnauthorizedOperation');
});

test('accepts the action prefix of older policies, and ignores case', async () => {
  const { clb } = only(allow('name/CLB:describelisteners'));
  await clb.DescribeListeners({ LoadBalancerId: 'lb-q7w2m5rc' });
  expect(await catchCode(clb.DescribeTargets({ LoadBalancerId: 'lb-q7w2m5rc' }))).toBe(
    'UnauthorizedOperation',
  );
});

test('matches resources: one load balancer, all of a region, another account', async () => {
  const one = 'qcs::clb:ap-singapore:uin/100028471935:clb/lb-q7w2m5rc';
  const mine = { LoadBalancerId: 'lb-q7w2m5rc' };
  const other = { LoadBalancerId: 'lb-5m1c7h4e' };
  const codesWith = async (resource: string) => {
    const { clb } = only(allow('clb:*', resource));
    const result = async (request: typeof mine) => {
      try {
        await clb.DescribeListeners(request);
        return 'allowed';
      } catch {
        return 'denied';
      }
    };
    return [await result(mine), await result(other)];
  };
  expect(await codesWith(one)).toEqual(['allowed', 'denied']);
  expect(await codesWith('qcs::clb:ap-singapore::clb/*')).toEqual(['allowed', 'allowed']);
  expect(await codesWith('qcs::clb:::clb/lb-5*')).toEqual(['denied', 'allowed']);
  expect(await codesWith('qcs::clb:ap-tokyo::clb/*')).toEqual(['denied', 'denied']);
  expect(await codesWith('qcs::clb::uin/1:clb/*')).toEqual(['denied', 'denied']);
  const { clb } = only(allow('clb:*'), deny('clb:*', one));
  expect(await catchCode(clb.DescribeListeners(mine))).toBe('UnauthorizedOperation');
  await clb.DescribeListeners(other);
});

test('denies an action without resources under a policy that limits resources', async () => {
  const { clb } = only(allow('clb:*', 'qcs::clb:ap-singapore::clb/lb-q7w2m5rc'));
  expect(await catchCode(clb.DescribeLoadBalancers({ LoadBalancerIds: ['lb-q7w2m5rc'] }))).toBe(
    'UnauthorizedOperation',
  );
});

test('requires permission for registered servers as well; functions and domains have their own names', async () => {
  const target = {
    ...listener,
    LocationId: 'loc-n09w4e8k',
    Targets: [{ InstanceId: 'ins-apiweb1k', Port: 80 }],
  };
  const balancer = allow('clb:*', 'qcs::clb:::clb/*');
  expect(await catchRefusal(only(balancer).clb.RegisterTargets(target))).toMatchObject({
    message: expect.stringContaining('(qcs::cvm:ap-singapore:uin/100028471935:instance/ins-apiweb1k)'),
  });
  await only(balancer, allow('clb:*', 'qcs::cvm:::instance/*')).clb.RegisterTargets(target);
  const { scf } = only(allow('scf:*', 'qcs::scf:::namespace/flash/function/storefront'));
  await scf.GetFunction({ FunctionName: 'storefront', Namespace: 'flash' });
  expect(await catchCode(scf.GetFunction({ FunctionName: 'checkout', Namespace: 'flash' }))).toBe(
    'UnauthorizedOperation',
  );
  const { dnspod } = only(allow('dnspod:*', 'qcs::dnspod:::domain/90417001'));
  await dnspod.DescribeRecordList({ Domain: 'example.co.id' });
  expect(await catchCode(dnspod.DescribeRecordList({ Domain: 'example.web.id' }))).toBe(
    'UnauthorizedOperation',
  );
});

test('applies a preset policy to everyone who has it', async () => {
  const account = cloud.account('niaga');
  if (account.users.reviewer) account.users.reviewer.policyIds = [22];
  const { scf, clb } = clientsOfUser('reviewer');
  await scf.ListFunctions({ Namespace: 'flash' });
  expect(await catchCode(scf.DeleteFunction({ FunctionName: 'storefront', Namespace: 'flash' }))).toBe(
    'UnauthorizedOperation',
  );
  expect(await catchCode(clb.DescribeLoadBalancers({}))).toBe('UnauthorizedOperation');
});
