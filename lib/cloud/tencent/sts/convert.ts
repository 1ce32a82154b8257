import type { GetCallerIdentityResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/v20180813/sts_models.js';
import { z } from 'zod';

export type CallerIdentity = {
  /** The account (UIN) that the keys belong to. */
  readonly accountUin: string;
  /** The user; the same as the account for its own keys; null = a role or a federated user. */
  readonly userUin: string | null;
};

const CallerAnswer = z.object({ AccountId: z.string().min(1), UserId: z.string().nullish() });

/**
 * Converts the owner of the keys. Ids of roles and federated users contain a colon:
 * https://cloud.tencent.com/document/api/1312/66098.
 */
export function toCaller(answer: GetCallerIdentityResponse): CallerIdentity {
  const wire = CallerAnswer.parse(answer);
  const userUin = /^\d+$/.test(wire.UserId ?? '') ? (wire.UserId ?? null) : null;
  return { accountUin: wire.AccountId, userUin };
}
