import type { DescribeNetworkAccountTypeResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import { action } from '../action';

/** https://cloud.tencent.com/document/api/215/86509. */
export const describeNetworkAccountType = action<object, DescribeNetworkAccountTypeResponse>(
  (_, context) => ({
    NetworkAccountType: context.account.networkAccountType,
  }),
);
