import { type Example, type ExampleCloud, reading, writing } from './example';

/**
 * Examples of users and their policies, tags and the audit trail: github.com/TencentCloud/tencentcloud-cli,
 * tccli/examples of cam, sts, tag and cloudaudit.
 */

const cam = (
  action: string,
  what: string,
  request: Parameters<typeof reading>[3],
  need?: 'user' | 'policy' | 'role',
) => reading('cam', action, what, request, need === undefined ? [] : [need]);

const users: readonly Example[] = [
  cam('GetUserAppId', 'of the caller', () => ({})),
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
  cam('GetPolicy', 'by id', ({ policy }) => ({ PolicyId: policy }), 'policy'),
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
  for (const Resource of Object.values(made)) {
    await cloud.write('tag', 'ModifyResourceTags', { Resource, ReplaceTags: shop });
  }
  return made;
}

const taggedFirst = (action: string, what: string, request: (cloud: ExampleCloud) => object) =>
  writing('tag', action, what, async (cloud, send) => {
    await tagged(cloud);
    return send(request(cloud));
  });

const tags: readonly Example[] = [
  taggedFirst('DescribeTags', 'by key and value', () => shop[0] ?? {}),
  taggedFirst('DescribeResourceTagsByResourceIds', 'of a server', ({ names }) => ({
    ServiceType: 'cvm',
    ResourcePrefix: 'instance',
    ResourceRegion: names.region,
    ResourceIds: [names.instance],
  })),
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
];

export const accessExamples: readonly Example[] = [...users, ...tags, ...trail];
