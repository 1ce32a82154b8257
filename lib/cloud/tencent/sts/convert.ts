import type { GetCallerIdentityResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/v20180813/sts_models.js';
import { z } from 'zod';

export type CallerIdentity = {
  /** The account (UIN) that the keys belong to. */
  readonly accountUin: string;
  /** The user; the same as the account for its own keys; null = a role or a federated user. */
  readonly userUin: string | null;
  /** The id of the assumed role; null = the keys are not those of a role. */
  readonly roleId: string | null;
};

const CallerAnswer = z.object({
  Arn: z.string().nullish(),
  AccountId: z.string().min(1),
  UserId: z.string().nullish(),
});

/** The ARN of an assumed role ends with its id, or its id and session. */
const roleArn = /^qcs::sts:[^:]*:assumed-role\/(\d+)(?:\/|$)/;

/**
 * Converts the owner of the keys. Ids of roles and federated users contain a colon:
 * https://cloud.tencent.com/document/api/1312/66098.
 */
export function toCaller(answer: GetCallerIdentityResponse): CallerIdentity {
  const wire = CallerAnswer.parse(answer);
  const userUin = /^\d{1,20}$/.test(wire.UserId ?? '') ? (wire.UserId ?? null) : null;
  return { accountUin: wire.AccountId, userUin, roleId: roleArn.exec(wire.Arn ?? '')?.[1] ?? null };
}
