import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import { type Actions, action } from '../action';
import { getPolicy, listAttachedRolePolicies, listAttachedUserAllPolicies } from './policies';

/**
 * Returns the caller and the account's owner: GetUserAppId of github.com/TencentCloud/tencentcloud-cli,
 * tccli/services/cam/v20190116/api.json.
 */
const getUserAppId = action<'cam.GetUserAppId'>((_, { account, user }) => ({
  Uin: user?.uin ?? account.uin,
  OwnerUin: account.uin,
  AppId: account.appId,
}));

export const camActions: Actions = {
  GetUserAppId: getUserAppId,
  ListAttachedUserAllPolicies: listAttachedUserAllPolicies,
  ListAttachedRolePolicies: listAttachedRolePolicies,
  GetPolicy: getPolicy,
};

const code = 'InvalidParameter.ParamError';

/** Pages of 1 to 200 items, numbered from 1 to 200: https://cloud.tencent.com/document/api/598/34570 */
const pages = (source: string): ValueRule[] => [
  { field: 'Page', range: [1, 200], code, source },
  { field: 'Rp', range: [1, 200], code, source },
];

const allOfUser = 'https://cloud.tencent.com/document/api/598/67728';
const rolePolicies =
  'https://github.com/TencentCloud/tencentcloud-cli/blob/master/tccli/services/cam/v20190116/api.json';

export const camValues: ValueRules = {
  ListAttachedUserAllPolicies: [
    ...pages(allOfUser),
    { field: 'AttachType', oneOf: [0, 1, 2], code, source: allOfUser },
    { field: 'StrategyType', oneOf: [1, 2], code, source: allOfUser },
  ],
  ListAttachedRolePolicies: pages(rolePolicies),
};
