import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  catchCode,
  clientConfig,
  createTestClients,
  startTestCloud,
  type TestCloud,
} from '@/testing/sandbox/test-cloud';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ seed: 'flash-sale', vipNetwork: '127.107.0.0/16' });
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

const reviewerUin = 100028471936;

function clientsOfUser(name: string) {
  return createTestClients(clientConfig(cloud.plane.api, cloud.keys('niaga', name), 'ap-singapore'));
}

test('finds a key’s permissions: user, policies, document', async () => {
  const { cam, sts } = cloud.clients();
  const who = await clientsOfUser('reviewer').sts.GetCallerIdentity(null);
  expect(who).toMatchObject({ AccountId: '100028471935', UserId: String(reviewerUin), Type: 'CAMUser' });
  expect(await sts.GetCallerIdentity(null)).toMatchObject({ UserId: '100028471935' });
  const { List = [] } = await cam.ListAttachedUserPolicies({ TargetUin: reviewerUin });
  expect(List).toMatchObject([{ PolicyName: 'traffic-review', PolicyType: 'User' }]);
  const policy = await cam.GetPolicy({ PolicyId: List[0]?.PolicyId ?? 0 });
  expect(policy).toMatchObject({ PolicyName: 'traffic-review', Type: 1 });
  const document: unknown = JSON.parse(policy.PolicyDocument ?? '');
  expect(document).toMatchObject({
    version: '2.0',
    statement: [{ effect: 'allow', action: expect.arrayContaining(['clb:Describe*']), resource: ['*'] }],
  });
  const versions = await cam.ListPolicyVersions({ PolicyId: List[0]?.PolicyId ?? 0 });
  expect(versions.Versions).toMatchObject([{ VersionId: 1, IsDefaultVersion: 1 }]);
  const version = await cam.GetPolicyVersion({ PolicyId: List[0]?.PolicyId ?? 0, VersionId: 1 });
  expect(version.PolicyVersion?.Document).toBe(policy.PolicyDocument);
});

test('lists the policies of a role by its id or its name', async () => {
  const { cam } = cloud.clients();
  const pages = { Page: 1, Rp: 1 };
  expect(await cam.ListAttachedRolePolicies({ RoleId: '4611686018427397919', ...pages })).toMatchObject({
    TotalNum: 2,
    List: [{ PolicyName: 'traffic-review', PolicyType: 'User' }],
  });
  expect(
    await cam.ListAttachedRolePolicies({ RoleName: 'traffic', ...pages, Keyword: 'operation' }),
  ).toMatchObject({ TotalNum: 1, List: [{ PolicyName: 'traffic-operation' }] });
  expect(await catchCode(cam.ListAttachedRolePolicies({ RoleName: 'none', ...pages }))).toBe(
    'InvalidParameter.RoleNotExist',
  );
  expect(await catchCode(cam.ListAttachedRolePolicies(pages))).toBe('InvalidParameter.ParamError');
});

test('lists users and the ids of their keys, but never a key', async () => {
  const { cam } = cloud.clients();
  const { Data = [] } = await cam.ListUsers(null);
  expect(Data.map((user) => user.Name)).toEqual(['reviewer', 'operator']);
  expect(await cam.GetUser({ Name: 'operator' })).toMatchObject({ Uin: 100028471937, ConsoleLogin: 0 });
  const keys = await cam.ListAccessKeys({ TargetUin: reviewerUin });
  expect(keys.AccessKeys).toMatchObject([{ Status: 'Active' }]);
  expect(JSON.stringify(keys)).not.toContain(cloud.keys('niaga', 'reviewer').secretKey);
  expect(await cam.GetUserAppId(null)).toMatchObject({ OwnerUin: '100028471935', AppId: 1312847193 });
  const own = await cam.ListAccessKeys({});
  expect(own.AccessKeys?.[0]?.AccessKeyId).toBe(cloud.keys('niaga').secretId);
});

test('also applies policies of groups, and lists them separately', async () => {
  const account = cloud.account('niaga');
  account.groups[7] = {
    id: 7,
    name: 'auditors',
    remark: '',
    userNames: ['reviewer'],
    policyIds: [91],
    createdAt: 0,
  };
  const { cam } = clientsOfUser('reviewer');
  // Only the group allows it.
  const groups = await cam.ListGroupsForUser({ SubUin: reviewerUin });
  expect(groups).toMatchObject({ TotalNum: 1, GroupInfo: [{ GroupId: 7, GroupName: 'auditors' }] });
  const all = (AttachType: number) =>
    cam
      .ListAttachedUserAllPolicies({ TargetUin: reviewerUin, Page: 1, Rp: 20, AttachType })
      .then(({ PolicyList = [] }) => PolicyList.map((policy) => [policy.PolicyName, policy.StrategyType]));
  expect(await all(1)).toEqual([['traffic-review', '1']]);
  expect(await all(2)).toEqual([['QcloudCamReadOnlyAccess', '2']]);
  expect(await all(0)).toHaveLength(2);
  const ofGroup = await cam.ListAttachedGroupPolicies({ TargetGroupId: 7 });
  expect(ofGroup.List).toMatchObject([{ PolicyName: 'QcloudCamReadOnlyAccess', PolicyType: 'QCS' }]);
});

test('lists policies by scope and keyword, in pages', async () => {
  const { cam } = cloud.clients();
  const names = async (request: Parameters<typeof cam.ListPolicies>[0]) =>
    (await cam.ListPolicies(request)).List?.map((policy) => policy.PolicyName);
  expect(await names({ Scope: 'Local' })).toEqual(['traffic-review', 'traffic-operation']);
  expect(await names({ Scope: 'Local', Rp: 1, Page: 2 })).toEqual(['traffic-operation']);
  expect(await names({ Scope: 'QCS', Keyword: 'scf' })).toEqual([
    'QcloudSCFFullAccess',
    'QcloudSCFReadOnlyAccess',
  ]);
  expect((await cam.ListPolicies({})).TotalNum).toBe(17);
});

test('refuses missing or mismatched objects with the codes of CAM', async () => {
  const { cam } = cloud.clients();
  expect(await catchCode(cam.GetUser({ Name: 'missing' }))).toBe('ResourceNotFound.UserNotExist');
  expect(await catchCode(cam.ListAttachedUserPolicies({ TargetUin: 1 }))).toBe(
    'ResourceNotFound.UserNotExist',
  );
  expect(await catchCode(cam.GetPolicy({ PolicyId: 3 }))).toBe('ResourceNotFound.PolicyIdNotFound');
  expect(await catchCode(cam.GetPolicyVersion({ PolicyId: 1, VersionId: 2 }))).toBe(
    'InvalidParameter.PolicyVersionNotExists',
  );
  expect(await catchCode(cam.ListGroupsForUser({}))).toBe('InvalidParameter.UserUinAndUinNotAllNull');
  expect(await catchCode(cam.ListAttachedGroupPolicies({ TargetGroupId: 1 }))).toBe(
    'ResourceNotFound.GroupNotExist',
  );
  expect(await catchCode(cam.ListPolicies({ Rp: 201 }))).toBe('InvalidParameter.ParamError');
  expect(await catchCode(cam.ListPolicies({ Scope: 'Mine' }))).toBe('InvalidParameter.ScopeError');
});
