import type { AttachedPolicyOfRole } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/cam_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldPolicy, WorldRole } from '../../world/access';
import { findPolicy, listUserGroups, listUserPolicies } from '../../world/policies';
import type { AccountWorld } from '../../world/world';
import { action } from '../action';

/** `CreateMode`: written in policy syntax, like all policies of the sandbox. */
const bySyntax = 2;

/** Returns one page of a list, numbered from 1. @param size the default page size */
function slicePage<T>(items: readonly T[], { Page = 1, Rp = 20 }: { Page?: number; Rp?: number }): T[] {
  return items.slice((Page - 1) * Rp, Page * Rp);
}

const contains = (policy: WorldPolicy, keyword: string) =>
  policy.name.toLowerCase().includes(keyword.toLowerCase());

const attached = { all: 0, direct: 1, byGroup: 2 } as const;

/** https://cloud.tencent.com/document/api/598/67728 */
export const listAttachedUserAllPolicies = action<'cam.ListAttachedUserAllPolicies'>(
  (request, { account }) => {
    const user = Object.values(account.users).find(({ uin }) => uin === String(request.TargetUin));
    if (!user) {
      throw new ApiError('ResourceNotFound.UserNotExist', 'The user that `TargetUin` names does not exist.');
    }
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

/**
 * Returns the role with an id, or else a name.
 * @throws ApiError InvalidParameter.ParamError if neither is given, InvalidParameter.RoleNotExist
 */
function requireRole(
  account: AccountWorld,
  { RoleId, RoleName }: { readonly RoleId?: string; readonly RoleName?: string },
): WorldRole {
  if (RoleId === undefined && RoleName === undefined)
    throw new ApiError(
      'InvalidParameter.ParamError',
      'One of the parameters `RoleId` and `RoleName` must be given.',
    );
  const found = Object.values(account.roles ?? {}).find((role) =>
    RoleId === undefined ? role.name === RoleName : role.id === RoleId,
  );
  if (found) return found;
  throw new ApiError('InvalidParameter.RoleNotExist', `The role ${RoleId ?? RoleName} does not exist.`);
}

/** ListAttachedRolePolicies of github.com/TencentCloud/tencentcloud-cli, tccli/services/cam/v20190116/api.json */
export const listAttachedRolePolicies = action<
  'cam.ListAttachedRolePolicies',
  { List: AttachedPolicyOfRole[] }
>((request, { account }) => {
  const role = requireRole(account, request);
  const policies = role.policyIds
    .flatMap((id) => findPolicy(account, id) ?? [])
    .filter(
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

/**
 * Returns a policy; its document is JSON text, as in the example: https://cloud.tencent.com/document/api/598/34574
 * @throws ApiError ResourceNotFound.PolicyIdNotFound
 */
export const getPolicy = action<'cam.GetPolicy'>((request, { account }) => {
  const policy = findPolicy(account, request.PolicyId);
  if (!policy) {
    throw new ApiError(
      'ResourceNotFound.PolicyIdNotFound',
      'The policy that `PolicyId` names does not exist.',
    );
  }
  return {
    PolicyName: policy.name,
    Description: policy.description,
    Type: policy.kind === 'User' ? 1 : 2,
    AddTime: cloudTime(policy.createdAt),
    UpdateTime: cloudTime(policy.createdAt),
    PolicyDocument: JSON.stringify(policy.document),
    PresetAlias: '',
    IsServiceLinkedRolePolicy: 0,
    Tags: [],
  };
});
