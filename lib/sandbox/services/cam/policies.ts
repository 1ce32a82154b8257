import type { StrategyInfo } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/cam_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { cloudTime, isoTime } from '@/lib/sandbox/world/clock';
import type { WorldPolicy } from '../../world/access';
import { presetPolicies } from '../../world/policies';
import type { AccountWorld } from '../../world/world';
import { action, type WithNull } from '../action';
import { requirePolicy, slicePage } from './find-objects';

type StrategyAnswer = WithNull<StrategyInfo, 'IsAttached' | 'ServiceType'>;

const policyType = (policy: WorldPolicy) => (policy.kind === 'User' ? 1 : 2);

/**
 * Returns the document as JSON text, as in the example of GetPolicy: https://cloud.tencent.com/document/api/598/34574
 */
const policyDocument = (policy: WorldPolicy) => JSON.stringify(policy.document);

function strategyAnswer(account: AccountWorld, policy: WorldPolicy): StrategyAnswer {
  const users = Object.values(account.users).filter((user) => user.policyIds.includes(policy.id));
  const groups = Object.values(account.groups).filter((group) => group.policyIds.includes(policy.id));
  const [service] = new Set(
    policy.document.statement.flatMap(({ action: [name = ''] }) => name.split(':')[0]),
  );
  return {
    PolicyId: policy.id,
    PolicyName: policy.name,
    AddTime: cloudTime(policy.createdAt),
    Type: policyType(policy),
    Description: policy.description,
    CreateMode: 2,
    Attachments: users.length + groups.length,
    ServiceType: policy.kind === 'QCS' && service !== undefined && service !== '*' ? service : '',
    IsAttached: null,
    Deactived: 0,
    DeactivedDetail: [],
    IsServiceLinkedPolicy: 0,
    AttachEntityCount: users.length + groups.length,
    AttachEntityBoundaryCount: 0,
    UpdateTime: cloudTime(policy.createdAt),
    Tags: [],
  };
}

/** https://cloud.tencent.com/document/api/598/34570 */
export const listPoliciesAction = action<'cam.ListPolicies', { List: StrategyAnswer[] }>(
  (request, { account }) => {
    const { Scope: scope = 'All', Keyword: keyword = '' } = request;
    const policies = [
      ...(scope === 'QCS' ? [] : Object.values(account.policies)),
      ...(scope === 'Local' ? [] : presetPolicies),
    ].filter((policy) => policy.name.toLowerCase().includes(keyword.toLowerCase()));
    return {
      TotalNum: policies.length,
      List: slicePage(policies, request).map((policy) => strategyAnswer(account, policy)),
      ServiceTypeList: [],
    };
  },
);

/** https://cloud.tencent.com/document/api/598/34574 */
export const getPolicy = action<'cam.GetPolicy'>((request, { account }) => {
  const policy = requirePolicy(account, request.PolicyId);
  return {
    PolicyName: policy.name,
    Description: policy.description,
    Type: policyType(policy),
    AddTime: cloudTime(policy.createdAt),
    UpdateTime: cloudTime(policy.createdAt),
    PolicyDocument: policyDocument(policy),
    PresetAlias: '',
    IsServiceLinkedRolePolicy: 0,
    Tags: [],
  };
});

/** Policies of the sandbox never change: each has one version. */
const onlyVersion = 1;

/** GetPolicyVersion of github.com/TencentCloud/tencentcloud-cli, tccli/services/cam/v20190116/api.json */
export const getPolicyVersion = action<'cam.GetPolicyVersion'>((request, { account }) => {
  const policy = requirePolicy(account, request.PolicyId);
  if (request.VersionId !== onlyVersion) {
    throw new ApiError(
      'InvalidParameter.PolicyVersionNotExists',
      `The policy ${policy.id} has no version ${request.VersionId}, which \`VersionId\` names.`,
    );
  }
  return {
    PolicyVersion: {
      VersionId: onlyVersion,
      CreateDate: isoTime(policy.createdAt),
      IsDefaultVersion: 1,
      Document: policyDocument(policy),
    },
  };
});

/** https://cloud.tencent.com/document/api/598/43839 */
export const listPolicyVersions = action<'cam.ListPolicyVersions'>((request, { account }) => {
  const policy = requirePolicy(account, request.PolicyId);
  return {
    Versions: [{ VersionId: onlyVersion, CreateDate: isoTime(policy.createdAt), IsDefaultVersion: 1 }],
  };
});
