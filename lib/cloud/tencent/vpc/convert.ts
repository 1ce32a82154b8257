import type { DescribeNetworkAccountTypeResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models.js';
import { z } from 'zod';

/** How the account is billed for traffic. https://cloud.tencent.com/document/api/215/86509 */
export function toNetworkAccountType(answer: DescribeNetworkAccountTypeResponse): 'STANDARD' | 'LEGACY' {
  return z.object({ NetworkAccountType: z.enum(['STANDARD', 'LEGACY']) }).parse(answer).NetworkAccountType;
}
