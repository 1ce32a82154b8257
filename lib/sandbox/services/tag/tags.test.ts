import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { catchCode, startTestCloud, type TestClients, type TestCloud } from '@/testing/sandbox/test-cloud';

let cloud: TestCloud;
let clients: TestClients;
beforeAll(async () => {
  cloud = await startTestCloud({ vipNetwork: '127.107.0.0/16' });
  clients = cloud.clients();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

const uin = '100000000001';
const balancer = `qcs::clb:ap-singapore:uin/${uin}:clb/lb-cvm00001`;
const server = `qcs::cvm:ap-singapore:uin/${uin}:instance/ins-web00001`;
const domain = `qcs::dnspod::uin/${uin}:domain/91000001`;
const tag = (TagKey: string, TagValue: string) => ({ TagKey, TagValue });

test('sets tags, shows them in the services themselves, and removes them', async () => {
  const given = await clients.tag.TagResources({
    ResourceList: [balancer, server, domain],
    Tags: [tag('team', 'shop'), tag('env', 'prod')],
  });
  expect(given.FailedResources).toEqual([]);
  const ofServer = await clients.cvm.DescribeInstances({ Filters: [{ Name: 'tag:team', Values: ['shop'] }] });
  expect(ofServer.InstanceSet).toMatchObject([
    { InstanceId: 'ins-web00001', Tags: expect.arrayContaining([{ Key: 'team', Value: 'shop' }]) },
  ]);
  const lbs = await clients.clb.DescribeLoadBalancers({ LoadBalancerIds: ['lb-cvm00001'] });
  expect(lbs.LoadBalancerSet?.[0]?.Tags).toEqual(
    expect.arrayContaining([expect.objectContaining(tag('env', 'prod'))]),
  );
  await clients.tag.UnTagResources({ ResourceList: [server], TagKeys: ['team', 'nothing'] });
  const left = await clients.tag.GetResources({ ResourceList: [server, balancer] });
  expect(left.ResourceTagMappingList).toMatchObject([
    { Resource: server, Tags: [tag('env', 'prod')] },
    { Resource: balancer, Tags: [tag('team', 'shop'), tag('env', 'prod')] },
  ]);
});

test.each([
  ['without an account', 'qcs::clb:ap-singapore:uin/:clb/lb-cvm00001'],
  ['without an account segment', 'qcs::clb:ap-singapore::clb/lb-cvm00001'],
])('accepts %s as the name of a load balancer, as the Terraform provider sends it', async (_, name) => {
  await clients.tag.ModifyResourceTags({ Resource: name, ReplaceTags: [tag('team', 'shop')] });
  expect(cloud.account('small-standard').loadBalancers['lb-cvm00001']?.tags).toEqual({ team: 'shop' });
});

test('accepts a function by namespace and name, or by its id', async () => {
  const name = 'qcs::scf:ap-singapore:uin/:namespace/default/function/hello';
  await clients.tag.ModifyResourceTags({ Resource: name, ReplaceTags: [tag('team', 'shop')] });
  const { Tags, FunctionId } = await clients.scf.GetFunction({ FunctionName: 'hello' });
  expect(Tags).toEqual([{ Key: 'team', Value: 'shop' }]);
  const byId = `qcs::scf:ap-singapore:uin/${uin}:lam/${FunctionId}`;
  const { ResourceTagMappingList: found } = await clients.tag.GetResources({ ResourceList: [name, byId] });
  expect(found).toMatchObject([{ Tags: [tag('team', 'shop')] }, { Resource: byId }]);
  const none = 'qcs::scf:ap-singapore:uin/:namespace/flash/function/hello';
  expect(
    await catchCode(clients.tag.ModifyResourceTags({ Resource: none, ReplaceTags: [tag('a', 'b')] })),
  ).toBe('InvalidParameterValue.ResourceIdInvalid');
});

test('changes the other resources when one is missing', async () => {
  const missing = `qcs::clb:ap-singapore:uin/${uin}:clb/lb-nowhere1`;
  const foreign = 'qcs::clb:ap-singapore:uin/7:clb/lb-cvm00001';
  const { FailedResources = [] } = await clients.tag.TagResources({
    ResourceList: [missing, balancer, foreign],
    Tags: [tag('team', 'shop')],
  });
  expect(FailedResources.map(({ Resource, Code }) => [Resource, Code])).toEqual([
    [missing, 'InvalidParameterValue.ResourceIdInvalid'],
    [foreign, 'InvalidParameterValue.ResourceIdInvalid'],
  ]);
  expect(cloud.account('small-standard').loadBalancers['lb-cvm00001']?.tags).toEqual({ team: 'shop' });
});

test('lists keys, values, pairs, and resources by filter, in pages', async () => {
  await clients.tag.TagResources({
    ResourceList: [balancer],
    Tags: [tag('team', 'shop'), tag('env', 'prod')],
  });
  await clients.tag.ModifyResourceTags({ Resource: server, ReplaceTags: [tag('team', 'ads')] });
  expect((await clients.tag.GetTagKeys({})).TagKeys).toEqual(['env', 'team']);
  expect((await clients.tag.GetTagKeys({ Category: 'System' })).TagKeys).toEqual([]);
  const first = await clients.tag.GetTagKeys({ MaxResults: 1 });
  const second = await clients.tag.GetTagKeys({
    MaxResults: 1,
    PaginationToken: first.PaginationToken ?? '',
  });
  expect([first.TagKeys, second.TagKeys, second.PaginationToken]).toEqual([['env'], ['team'], '']);
  expect((await clients.tag.GetTagValues({ TagKeys: ['team'] })).Tags).toMatchObject([
    tag('team', 'ads'),
    tag('team', 'shop'),
  ]);
  const pairs = await clients.tag.DescribeTags({ Limit: 2, Offset: 2 });
  expect(pairs).toMatchObject({ TotalCount: 3, Tags: [{ ...tag('team', 'shop'), CanDelete: 0 }] });
  const byTag = async (...TagValue: string[]) =>
    (
      await clients.tag.GetResources({ TagFilters: [{ TagKey: 'team', TagValue }] })
    ).ResourceTagMappingList?.map((each) => each.Resource);
  expect(await byTag()).toEqual([balancer, server]);
  expect(await byTag('ads')).toEqual([server]);
  const ofServer = await clients.tag.DescribeResourceTags({ ServiceType: 'cvm', ResourcePrefix: 'instance' });
  expect(ofServer.Rows).toMatchObject([
    { ...tag('team', 'ads'), ResourceId: 'ins-web00001', TagKeyMd5: 'f894427cc1c571f79da49605ef8b112f' },
  ]);
  const byId = await clients.tag.DescribeResourceTagsByResourceIds({
    ServiceType: 'clb',
    ResourcePrefix: 'clb',
    ResourceRegion: 'ap-singapore',
    ResourceIds: ['lb-cvm00001', 'lb-scf00001'],
  });
  expect(byId).toMatchObject({ TotalCount: 2, Tags: [{ ResourceId: 'lb-cvm00001' }, {}] });
});

test('replaces one tag of a resource and removes another in one call', async () => {
  const modify = clients.tag.ModifyResourceTags.bind(clients.tag);
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

const many = Array.from({ length: 11 }, (_, n) => `k${n}`);
test.each([
  [
    'InvalidParameterValue.ResourceDescriptionError',
    { ResourceList: ['lb-cvm00001'], Tags: [tag('a', '1')] },
  ],
  ['LimitExceeded.ResourceNumPerRequest', { ResourceList: many.map(() => balancer), Tags: [tag('a', '1')] }],
  ['LimitExceeded.TagNumPerRequest', { ResourceList: [balancer], Tags: many.map((key) => tag(key, '1')) }],
  [
    'InvalidParameterValue.TagKeyDuplicate',
    { ResourceList: [balancer], Tags: [tag('a', '1'), tag('a', '2')] },
  ],
  ['InvalidParameterValue.ReservedTagKey', { ResourceList: [balancer], Tags: [tag('qcloud:x', '1')] }],
  [
    'InvalidParameterValue.TagKeyLengthExceeded',
    { ResourceList: [balancer], Tags: [tag('a'.repeat(128), '1')] },
  ],
])('refuses %s', async (code, request) => {
  expect(await catchCode(clients.tag.TagResources(request))).toBe(code);
  expect(cloud.account('small-standard').loadBalancers['lb-cvm00001']?.tags).toEqual({});
});

test('allows at most fifty tags on a resource', async () => {
  const keys = Array.from({ length: 51 }, (_, n) => `k${n}`);
  const results = [];
  for (let at = 0; at < keys.length; at += 10) {
    const Tags = keys.slice(at, at + 10).map((key) => tag(key, '1'));
    results.push(
      (await clients.tag.TagResources({ ResourceList: [balancer], Tags })).FailedResources?.length,
    );
  }
  expect(results).toEqual([0, 0, 0, 0, 0, 1]);
});
