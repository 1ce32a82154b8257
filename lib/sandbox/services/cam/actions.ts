import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Actions } from '../action';
import {
  listAttachedGroupPolicies,
  listAttachedRolePolicies,
  listAttachedUserAllPolicies,
  listAttachedUserPolicies,
  listGroupsForUser,
} from './attached-policies';
import { getPolicy, getPolicyVersion, listPoliciesAction, listPolicyVersions } from './policies';
import { getUser, getUserAppId, listAccessKeys, listUsers } from './users';

export const camActions: Actions = {
  GetUser: getUser,
  GetUserAppId: getUserAppId,
  ListUsers: listUsers,
  ListAccessKeys: listAccessKeys,
  ListAttachedUserPolicies: listAttachedUserPolicies,
  ListAttachedUserAllPolicies: listAttachedUserAllPolicies,
  ListAttachedRolePolicies: listAttachedRolePolicies,
  ListGroupsForUser: listGroupsForUser,
  ListAttachedGroupPolicies: listAttachedGroupPolicies,
  ListPolicies: listPoliciesAction,
  GetPolicy: getPolicy,
  GetPolicyVersion: getPolicyVersion,
  ListPolicyVersions: listPolicyVersions,
};

const code = 'InvalidParameter.ParamError';

/** Pages of 1 to 200 items, numbered from 1 to 200: https://cloud.tencent.com/document/api/598/34570 */
const pages = (source: string): ValueRule[] => [
  { field: 'Page', range: [1, 200], code, source },
  { field: 'Rp', range: [1, 200], code, source },
];

const allOfUser = 'https://cloud.tencent.com/document/api/598/67728';
const policies = 'https://cloud.tencent.com/document/api/598/34570';
const rolePolicies =
  'https://github.com/TencentCloud/tencentcloud-cli/blob/master/tccli/services/cam/v20190116/api.json';

export const camValues: ValueRules = {
  ListAttachedUserPolicies: pages('https://cloud.tencent.com/document/api/598/34572'),
  ListAttachedUserAllPolicies: [
    ...pages(allOfUser),
    { field: 'AttachType', oneOf: [0, 1, 2], code, source: allOfUser },
    { field: 'StrategyType', oneOf: [1, 2], code, source: allOfUser },
  ],
  ListAttachedRolePolicies: pages(rolePolicies),
  ListGroupsForUser: pages('https://cloud.tencent.com/document/api/598/34588'),
  ListAttachedGroupPolicies: pages('https://cloud.tencent.com/document/api/598/34573'),
  ListPolicies: [
    ...pages(policies),
    { field: 'Scope', oneOf: ['All', 'QCS', 'Local'], code: 'InvalidParameter.ScopeError', source: policies },
  ],
};
