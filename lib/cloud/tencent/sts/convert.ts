import type { GetCallerIdentityResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/v20180813/sts_models.js';
import { z } from 'zod';

/** The account (UIN) that the keys belong to. */
export function toUin(answer: GetCallerIdentityResponse): string {
  return z.object({ AccountId: z.string().min(1) }).parse(answer).AccountId;
}
