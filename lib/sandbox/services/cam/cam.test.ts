import { afterAll, beforeEach, expect, test } from 'vitest';
import { catchCode, clientConfig, createTestClients, startTestCloud } from '@/testing/sandbox/test-cloud';

const cloud = await startTestCloud({ seed: 'flash-sale', vipNetwork: '127.107.0.0/16' });
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
  const request = { TargetUin: reviewerUin, Page: 1, Rp: 20, AttachType: 0 };
  const { PolicyList = [] } = await cam.ListAttachedUserAllPolicies(request);
  expect(PolicyList).toMatchObject([{ PolicyName: 'traffic-review', StrategyType: '1' }]);
  const policy = await cam.GetPolicy({ PolicyId: Number(PolicyList[0]?.PolicyId) });
  expect(policy).toMatchObject({ PolicyName: 'traffic-review', Type: 1 });
  const document: unknown = JSON.parse(policy.PolicyDocument ?? '');
  expect(document).toMatchObject({
    version: '2.0',
    statement: [{ effect: 'allow', action: expect.arrayContaining(['clb:Describe*']), resource: ['*'] }],
  });
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

test('names the account of the caller', async () => {
  const owner = { Uin: '100028471935', OwnerUin: '100028471935', AppId: 1312847193 };
  expect(await cloud.clients().cam.GetUserAppId(null)).toMatchObject(owner);
  cloud.account('niaga').users.reviewer?.policyIds.push(91);
  expect(await clientsOfUser('reviewer').cam.GetUserAppId(null)).toMatchObject({
    ...owner,
    Uin: String(reviewerUin),
  });
});

test('also applies policies of groups, and lists them', async () => {
  const account = cloud.account('niaga');
  account.groups[7] = {
    id: 7,
    name: 'auditors',
    userNames: ['reviewer'],
    policyIds: [91],
  };
  const { cam } = clientsOfUser('reviewer');
  // Only the group allows it.
  const all = (AttachType: number) =>
    cam
      .ListAttachedUserAllPolicies({ TargetUin: reviewerUin, Page: 1, Rp: 20, AttachType })
      .then(({ PolicyList = [] }) => PolicyList.map((policy) => [policy.PolicyName, policy.StrategyType]));
  expect(await all(1)).toEqual([['traffic-review', '1']]);
  expect(await all(2)).toEqual([['QcloudCamReadOnlyAccess', '2']]);
  expect(await all(0)).toHaveLength(2);
});

test('refuses missing objects and too large pages with the codes of CAM', async () => {
  const { cam } = cloud.clients();
  const all = (TargetUin: number, Rp = 20) =>
    catchCode(cam.ListAttachedUserAllPolicies({ TargetUin, Page: 1, Rp, AttachType: 0 }));
  expect(await all(1)).toBe('ResourceNotFound.UserNotExist');
  expect(await all(reviewerUin, 201)).toBe('InvalidParameter.ParamError');
  expect(await catchCode(cam.GetPolicy({ PolicyId: 3 }))).toBe('ResourceNotFound.PolicyIdNotFound');
});
