import { type Example, type ExampleCloud, reading, writing } from './example';

/**
 * Examples of users and their policies, tags, regions and the audit trail: github.com/TencentCloud/tencentcloud-cli,
 * tccli/examples of cam, sts, tag, region and cloudaudit.
 */

const cam = (
  action: string,
  what: string,
  request: Parameters<typeof reading>[3],
  need?: 'user' | 'policy' | 'userGroup' | 'role',
) => reading('cam', action, what, request, need === undefined ? [] : [need]);

const users: readonly Example[] = [
  cam('GetUser', 'by name', ({ user }) => ({ Name: user?.name }), 'user'),
  cam('GetUserAppId', 'of the caller', () => ({})),
  cam('ListUsers', 'all', () => ({})),
  cam('ListAccessKeys', 'of a user', ({ user }) => ({ TargetUin: user?.uin }), 'user'),
  cam('ListGroupsForUser', 'by its uid', ({ user }) => ({ Uid: user?.uid }), 'user'),
  cam(
    'ListAttachedUserPolicies',
    'ten of a page',
    ({ user }) => ({ TargetUin: user?.uin, Page: 1, Rp: 10 }),
    'user',
  ),
  cam(
    'ListAttachedUserAllPolicies',
    'those of its own',
    ({ user }) => ({ TargetUin: user?.uin, AttachType: 1, Page: 1, Rp: 10 }),
    'user',
  ),
  cam(
    'ListAttachedUserAllPolicies',
    'with those of its groups',
    ({ user }) => ({ TargetUin: user?.uin, AttachType: 0, Page: 1, Rp: 10 }),
    'user',
  ),
  cam(
    'ListAttachedRolePolicies',
    'of a role, by its name',
    ({ role }) => ({ RoleName: role?.split('/').at(-1), Page: 1, Rp: 10 }),
    'role',
  ),
  cam(
    'ListAttachedGroupPolicies',
    'ten of a page',
    ({ userGroup }) => ({ TargetGroupId: userGroup, Page: 1, Rp: 10 }),
    'userGroup',
  ),
  cam('ListPolicies', 'the first', () => ({ Rp: 1, Page: 1 })),
  cam('ListPolicies', 'twenty of a page', () => ({})),
  cam('GetPolicy', 'by id', ({ policy }) => ({ PolicyId: policy }), 'policy'),
  cam('ListPolicyVersions', 'of one', ({ policy }) => ({ PolicyId: policy }), 'policy'),
  cam('GetPolicyVersion', 'the first', ({ policy }) => ({ PolicyId: policy, VersionId: 1 }), 'policy'),
  reading('sts', 'GetCallerIdentity', 'of the account’s own key'),
  {
    service: 'sts',
    action: 'AssumeRole',
    what: 'by name, with an external ID',
    needs: ['role'],
    readOnly: true,
    replay: ({ names, call }) =>
      call('sts', 'AssumeRole', {
        RoleArn: names.role,
        RoleSessionName: 'test',
        DurationSeconds: 7200,
        ExternalId: 'example',
      }),
  },
];

/** Returns the load balancer and the server as six-part resource names. */
async function resources({ names, call }: ExampleCloud): Promise<{ balancer: string; server: string }> {
  const { AccountId: uin } = await call('sts', 'GetCallerIdentity');
  const of = (service: string, name: string) => `qcs::${service}:${names.region}:uin/${uin}:${name}`;
  return {
    balancer: of('clb', `clb/${names.loadBalancer}`),
    server: of('cvm', `instance/${names.instance}`),
  };
}

const shop = [
  { TagKey: 'app', TagValue: 'shop' },
  { TagKey: 'stage', TagValue: 'live' },
];

/** Puts both tags on both resources. */
async function tagged(cloud: ExampleCloud): Promise<{ balancer: string; server: string }> {
  const made = await resources(cloud);
  await cloud.write('tag', 'TagResources', { ResourceList: Object.values(made), Tags: shop });
  return made;
}

const taggedFirst = (action: string, what: string, request: (cloud: ExampleCloud) => object) =>
  writing('tag', action, what, async (cloud, send) => {
    await tagged(cloud);
    return send(request(cloud));
  });

const tags: readonly Example[] = [
  taggedFirst('DescribeTags', 'by key and value', () => shop[0] ?? {}),
  taggedFirst('GetTagKeys', 'ten of a page', () => ({ MaxResults: 10 })),
  taggedFirst('GetTagValues', 'of a key', () => ({ TagKeys: ['app'], MaxResults: 1 })),
  taggedFirst('DescribeResourceTags', 'of a server', ({ names }) => ({
    ServiceType: 'cvm',
    ResourcePrefix: 'instance',
    ResourceRegion: names.region,
    ResourceId: names.instance,
  })),
  taggedFirst('DescribeResourceTagsByResourceIds', 'of a server', ({ names }) => ({
    ServiceType: 'cvm',
    ResourcePrefix: 'instance',
    ResourceRegion: names.region,
    ResourceIds: [names.instance],
  })),
  writing('tag', 'GetResources', 'two, by two tags', async (cloud, send) => {
    const filters = shop.map(({ TagKey, TagValue }) => ({ TagKey, TagValue: [TagValue] }));
    return send({ ResourceList: Object.values(await tagged(cloud)), TagFilters: filters });
  }),
  writing('tag', 'TagResources', 'two with two tags', async (cloud, send) =>
    send({ ResourceList: Object.values(await resources(cloud)), Tags: shop }),
  ),
  writing('tag', 'UnTagResources', 'two of two keys', async (cloud, send) =>
    send({ ResourceList: Object.values(await tagged(cloud)), TagKeys: ['app', 'stage'] }),
  ),
  writing('tag', 'ModifyResourceTags', 'take two away', async (cloud, send) =>
    send({
      Resource: (await tagged(cloud)).server,
      DeleteTags: [{ TagKey: 'app' }, { TagKey: 'stage' }],
    }),
  ),
  writing('tag', 'ModifyResourceTags', 'others in their place', async (cloud, send) =>
    send({ Resource: (await tagged(cloud)).balancer, ReplaceTags: [{ TagKey: 'app', TagValue: 'sale' }] }),
  ),
];

const regions: readonly Example[] = [
  reading('region', 'DescribeProducts', 'the first five', () => ({ Limit: 5, Offset: 0 })),
  reading('region', 'DescribeRegions', 'of servers', () => ({ Product: 'cvm', Scene: 1 })),
  reading('region', 'DescribeZones', 'of servers', () => ({ Product: 'cvm', Scene: 1 })),
];

/** Makes a write for the trail, and returns a span of a day around it. */
async function afterWrite(cloud: ExampleCloud): Promise<{ StartTime: number; EndTime: number }> {
  await cloud.write('clb', 'ModifyLoadBalancerAttributes', {
    LoadBalancerId: cloud.names.loadBalancer,
    LoadBalancerName: 'renamed',
  });
  const now = Math.floor(cloud.now() / 1000);
  return { StartTime: now - 3600, EndTime: now + 3600 };
}

const trail: readonly Example[] = [
  writing('cloudaudit', 'DescribeEvents', 'the newest of a day', async (cloud, send) =>
    send({ ...(await afterWrite(cloud)), MaxResults: 1 }),
  ),
  writing('cloudaudit', 'LookUpEvents', 'by the name of the call', async (cloud, send) => {
    const by = { AttributeKey: 'EventName', AttributeValue: 'ModifyLoadBalancerAttributes' };
    return send({ ...(await afterWrite(cloud)), LookupAttributes: [by] });
  }),
];

export const accessExamples: readonly Example[] = [...users, ...tags, ...regions, ...trail];
