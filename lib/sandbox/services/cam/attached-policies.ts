import type {
  AttachedPolicyOfRole,
  AttachPolicyInfo,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/cam_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldPolicy } from '../../world/access';
import { findPolicy, listUserGroups, listUserPolicies } from '../../world/policies';
import type { AccountWorld } from '../../world/world';
import { action, type WithNull } from '../action';
import { getGroup, requireRole, requireUser, slicePage, userOfUin } from './find-objects';

type AttachAnswer = WithNull<AttachPolicyInfo, 'OperateOwnerUin' | 'OperateUin' | 'OperateUinType'>;

/** `CreateMode`: written in policy syntax, like all policies of the sandbox. */
const bySyntax = 2;

function attachAnswer(account: AccountWorld, policy: WorldPolicy, attachedAt: number): AttachAnswer {
  return {
    PolicyId: policy.id,
    PolicyName: policy.name,
    AddTime: cloudTime(attachedAt),
    CreateMode: bySyntax,
    PolicyType: policy.kind,
    Remark: policy.description,
    OperateOwnerUin: account.uin,
    OperateUin: account.uin,
    OperateUinType: 0,
    Deactived: 0,
    DeactivedDetail: [],
  };
}

function policiesById(account: AccountWorld, ids: readonly number[]): WorldPolicy[] {
  return ids.flatMap((id) => findPolicy(account, id) ?? []);
}

const contains = (policy: WorldPolicy, keyword: string) =>
  policy.name.toLowerCase().includes(keyword.toLowerCase());

/** Lists the user's own policies, without those of groups: https://cloud.tencent.com/document/api/598/34572 */
export const listAttachedUserPolicies = action<'cam.ListAttachedUserPolicies', { List: AttachAnswer[] }>(
  (request, { account }) => {
    const user = userOfUin(account, 'TargetUin', request.TargetUin);
    const policies = policiesById(account, user.policyIds);
    return {
      TotalNum: policies.length,
      List: slicePage(policies, request).map((policy) => attachAnswer(account, policy, user.createdAt)),
    };
  },
);

const attached = { all: 0, direct: 1, byGroup: 2 } as const;

/** https://cloud.tencent.com/document/api/598/67728 */
export const listAttachedUserAllPolicies = action<'cam.ListAttachedUserAllPolicies'>(
  (request, { account }) => {
    const user = userOfUin(account, 'TargetUin', request.TargetUin);
    const groupsWith = (id: number) =>
      listUserGroups(account, user).filter((group) => group.policyIds.includes(id));
    const isWanted = ({ id }: WorldPolicy) => {
      if (request.AttachType === attached.direct) return user.policyIds.includes(id);
      if (request.AttachType === attached.byGroup) return groupsWith(id).length > 0;
      return true;
    };
    const kind = request.StrategyType === undefined ? undefined : request.StrategyType === 1 ? 'User' : 'QCS';
    const policies = listUserPolicies(account, user).filter(
      (policy) =>
        isWanted(policy) &&
        (kind === undefined || policy.kind === kind) &&
        contains(policy, request.Keyword ?? ''),
    );
    return {
      TotalNum: policies.length,
      PolicyList: slicePage(policies, request).map((policy) => ({
        PolicyId: String(policy.id),
        PolicyName: policy.name,
        Description: policy.description,
        AddTime: cloudTime(user.createdAt),
        StrategyType: policy.kind === 'User' ? '1' : '2',
        CreateMode: String(bySyntax),
        Groups: groupsWith(policy.id).map(({ id, name }) => ({ GroupId: id, GroupName: name })),
        Deactived: 0,
        DeactivedDetail: [],
      })),
    };
  },
);

/** https://cloud.tencent.com/document/api/598/34588 */
export const listGroupsForUser = action<'cam.ListGroupsForUser'>((request, { account }) => {
  const { Uid: uid, SubUin: uin } = request;
  if (uid === undefined && uin === undefined) {
    throw new ApiError(
      'InvalidParameter.UserUinAndUinNotAllNull',
      'One of the parameters `Uid` and `SubUin` must be given.',
    );
  }
  const user =
    uin === undefined
      ? requireUser(account, 'Uid', (each) => each.uid === uid)
      : userOfUin(account, 'SubUin', uin);
  const groups = listUserGroups(account, user);
  return {
    TotalNum: groups.length,
    GroupInfo: slicePage(groups, request).map((group) => ({
      GroupId: group.id,
      GroupName: group.name,
      CreateTime: cloudTime(group.createdAt),
      Remark: group.remark,
    })),
  };
});

/** https://cloud.tencent.com/document/api/598/34573 */
export const listAttachedGroupPolicies = action<'cam.ListAttachedGroupPolicies', { List: AttachAnswer[] }>(
  (request, { account }) => {
    const group = getGroup(account, request.TargetGroupId);
    const policies = policiesById(account, group.policyIds).filter((policy) =>
      contains(policy, request.Keyword ?? ''),
    );
    return {
      TotalNum: policies.length,
      List: slicePage(policies, request).map((policy) => attachAnswer(account, policy, group.createdAt)),
    };
  },
);

/** ListAttachedRolePolicies of github.com/TencentCloud/tencentcloud-cli, tccli/services/cam/v20190116/api.json */
export const listAttachedRolePolicies = action<
  'cam.ListAttachedRolePolicies',
  { List: AttachedPolicyOfRole[] }
>((request, { account }) => {
  const role = requireRole(account, request);
  const policies = policiesById(account, role.policyIds).filter(
    (policy) =>
      (request.PolicyType === undefined || policy.kind === request.PolicyType) &&
      contains(policy, request.Keyword ?? ''),
  );
  return {
    TotalNum: policies.length,
    List: slicePage(policies, request).map((policy) => ({
      PolicyId: policy.id,
      PolicyName: policy.name,
      AddTime: cloudTime(policy.createdAt),
      PolicyType: policy.kind,
      CreateMode: bySyntax,
      Deactived: 0,
      DeactivedDetail: [],
      Description: policy.description,
    })),
  };
});
