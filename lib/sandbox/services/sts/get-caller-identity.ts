import type { GetCallerIdentityResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/v20180813/sts_models';
import { action } from '../action';

/** https://cloud.tencent.com/document/api/1312/69127. The sandbox's keys belong to the main account itself. */
export const getCallerIdentity = action<object, GetCallerIdentityResponse>((_, { account }) => ({
  Arn: `qcs::cam::uin/${account.uin}:uin/${account.uin}`,
  AccountId: account.uin,
  UserId: account.uin,
  PrincipalId: account.uin,
  Type: 'CAMUser',
}));
