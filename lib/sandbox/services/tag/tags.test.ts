import { afterAll, beforeEach, expect, test } from 'vitest';
import { catchCode, startTestCloud, type TestClients } from '@/testing/sandbox/test-cloud';

const cloud = await startTestCloud({ vipNetwork: '127.107.0.0/16' });
const clients = cloud.clients();
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

const uin = '100000000001';
const balancer = `qcs::clb:ap-singapore:uin/${uin}:clb/lb-cvm00001`;
const server = `qcs::cvm:ap-singapore:uin/${uin}:instance/ins-web00001`;
const domain = `qcs::dnspod::uin/${uin}:domain/91000001`;
const tag = (TagKey: string, TagValue: string) => ({ TagKey, TagValue });
const modify: TestClients['tag']['ModifyResourceTags'] = (request) => clients.tag.ModifyResourceTags(request);

test('sets tags, shows them in the services themselves, and removes them', async () => {
  for (const Resource of [balancer, server, domain]) {
    await modify({ Resource, ReplaceTags: [tag('team', 'shop'), tag('env', 'prod')] });
  }
  const ofServer = await clients.cvm.DescribeInstances({ Filters: [{ Name: 'tag:team', Values: ['shop'] }] });
  expect(ofServer.InstanceSet).toMatchObject([
    { InstanceId: 'ins-web00001', Tags: expect.arrayContaining([{ Key: 'team', Value: 'shop' }]) },
  ]);
  const lbs = await clients.clb.DescribeLoadBalancers({ LoadBalancerIds: ['lb-cvm00001'] });
  expect(lbs.LoadBalancerSet?.[0]?.Tags).toEqual(
    expect.arrayContaining([expect.objectContaining(tag('env', 'prod'))]),
  );
  await modify({ Resource: server, DeleteTags: [{ TagKey: 'team' }, { TagKey: 'nothing' }] });
  const { instances, zones } = cloud.account('small-standard');
  expect(instances['ins-web00001']?.tags).toEqual({ env: 'prod' });
  expect(zones['example.com']?.tags).toEqual({ team: 'shop', env: 'prod' });
});

test.each([
  ['without an account', 'qcs::clb:ap-singapore:uin/:clb/lb-cvm00001'],
  ['without an account segment', 'qcs::clb:ap-singapore::clb/lb-cvm00001'],
])('accepts %s as the name of a load balancer, as the Terraform provider sends it', async (_, name) => {
  await modify({ Resource: name, ReplaceTags: [tag('team', 'shop')] });
  expect(cloud.account('small-standard').loadBalancers['lb-cvm00001']?.tags).toEqual({ team: 'shop' });
});

test('accepts a function by namespace and name, or by its id', async () => {
  const name = 'qcs::scf:ap-singapore:uin/:namespace/default/function/hello';
  await modify({ Resource: name, ReplaceTags: [tag('team', 'shop')] });
  const { Tags, FunctionId } = await clients.scf.GetFunction({ FunctionName: 'hello' });
  expect(Tags).toEqual([{ Key: 'team', Value: 'shop' }]);
  const byId = `qcs::scf:ap-singapore:uin/${uin}:lam/${FunctionId}`;
  await modify({ Resource: byId, ReplaceTags: [tag('team', 'ads')] });
  expect((await clients.scf.GetFunction({ FunctionName: 'hello' })).Tags).toEqual([
    { Key: 'team', Value: 'ads' },
  ]);
  const none = 'qcs::scf:ap-singapore:uin/:namespace/flash/function/hello';
  expect(await catchCode(modify({ Resource: none, ReplaceTags: [tag('a', 'b')] }))).toBe(
    'InvalidParameterValue.ResourceIdInvalid',
  );
});

test.each([
  ['that is missing', `qcs::clb:ap-singapore:uin/${uin}:clb/lb-nowhere1`],
  ['of another account', 'qcs::clb:ap-singapore:uin/7:clb/lb-cvm00001'],
])('refuses a resource %s', async (_, Resource) => {
  expect(await catchCode(modify({ Resource, ReplaceTags: [tag('team', 'shop')] }))).toBe(
    'InvalidParameterValue.ResourceIdInvalid',
  );
});

test('lists pairs of keys and values in pages, and the tags of resources', async () => {
  await modify({ Resource: balancer, ReplaceTags: [tag('team', 'shop'), tag('env', 'prod')] });
  await modify({ Resource: server, ReplaceTags: [tag('team', 'ads')] });
  const pairs = await clients.tag.DescribeTags({ Limit: 2, Offset: 2 });
  expect(pairs).toMatchObject({ TotalCount: 3, Tags: [{ ...tag('team', 'shop'), CanDelete: 0 }] });
  const byId = await clients.tag.DescribeResourceTagsByResourceIds({
    ServiceType: 'clb',
    ResourcePrefix: 'clb',
    ResourceRegion: 'ap-singapore',
    ResourceIds: ['lb-cvm00001', 'lb-scf00001'],
  });
  expect(byId).toMatchObject({
    TotalCount: 2,
    Tags: [
      { ...tag('team', 'shop'), ResourceId: 'lb-cvm00001', TagKeyMd5: 'f894427cc1c571f79da49605ef8b112f' },
      {},
    ],
  });
});

test('replaces one tag of a resource and removes another in one call', async () => {
  await modify({ Resource: balancer, ReplaceTags: [tag('a', '1'), tag('b', '2')] });
  await modify({ Resource: balancer, ReplaceTags: [tag('a', '3')], DeleteTags: [{ TagKey: 'b' }] });
  const { tags } = cloud.account('small-standard').loadBalancers['lb-cvm00001'] ?? {};
  expect(tags).toEqual({ a: '3' });
  expect(await catchCode(modify({ Resource: balancer }))).toBe('MissingParameter');
  expect(
    await catchCode(
      modify({ Resource: balancer, ReplaceTags: [tag('a', '1')], DeleteTags: [{ TagKey: 'a' }] }),
    ),
  ).toBe('InvalidParameterValue.DeleteTagsParamError');
  expect(tags).toEqual({ a: '3' });
});

test.each([
  [
    'InvalidParameterValue.ResourceDescriptionError',
    { Resource: 'lb-cvm00001', ReplaceTags: [tag('a', '1')] },
  ],
  [
    'LimitExceeded.TagNumPerRequest',
    { Resource: balancer, ReplaceTags: Array.from({ length: 11 }, (_, n) => tag(`k${n}`, '1')) },
  ],
  [
    'InvalidParameterValue.TagKeyDuplicate',
    { Resource: balancer, ReplaceTags: [tag('a', '1'), tag('a', '2')] },
  ],
  ['InvalidParameterValue.ReservedTagKey', { Resource: balancer, ReplaceTags: [tag('qcloud:x', '1')] }],
  [
    'InvalidParameterValue.TagKeyLengthExceeded',
    { Resource: balancer, ReplaceTags: [tag('a'.repeat(128), '1')] },
  ],
])('refuses %s', async (code, request) => {
  expect(await catchCode(modify(request))).toBe(code);
  expect(cloud.account('small-standard').loadBalancers['lb-cvm00001']?.tags).toEqual({});
});

test('allows at most fifty tags on a resource', async () => {
  const add = (from: number, count: number) =>
    modify({
      Resource: balancer,
      ReplaceTags: Array.from({ length: count }, (_, n) => tag(`k${from + n}`, '1')),
    });
  for (let at = 0; at < 50; at += 10) await add(at, 10);
  expect(await catchCode(add(50, 1))).toBe('LimitExceeded.ResourceAttachedTags');
});
