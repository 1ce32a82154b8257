import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type { WorldRole } from '@/lib/sandbox/world/access';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { type Actions, action } from '../action';

/**
 * Returns the caller; `UserId` distinguishes a sub-user from the account, and a role has its session behind a colon:
 * https://cloud.tencent.com/document/api/1312/66098. `Arn` as in the examples: github.com/TencentCloud/tencentcloud-cli,
 * tccli/examples/sts/v20180813/GetCallerIdentity.md.
 */
const getCallerIdentity = action<'sts.GetCallerIdentity'>((_, { account, user, role }) => {
  if (role !== null)
    return {
      Arn: `qcs::sts:${account.uin}:assumed-role/${role.id}`,
      AccountId: account.uin,
      UserId: `${role.id}:${role.session}`,
      PrincipalId: account.uin,
      Type: 'AssumedRole',
    };
  const uin = user?.uin ?? account.uin;
  return {
    Arn: `qcs::cam:${account.uin}:uin/${uin}`,
    AccountId: account.uin,
    UserId: uin,
    PrincipalId: uin,
    Type: 'CAMUser',
  };
});

const arnForm = /^qcs::cam::uin\/(\d+):(role|roleName)\/(.+)$/;

function findRole(account: AccountWorld, arn: string): WorldRole {
  const [, uin, by, name] = arnForm.exec(arn) ?? [];
  const found = Object.values(account.roles ?? {}).find(
    (role) => (by === 'role' ? role.id : role.name) === name,
  );
  if (uin !== account.uin || found === undefined)
    throw new ApiError(
      'ResourceNotFound.RoleNotFound',
      `The role ${arn}, which \`RoleArn\` names, doesn't exist.`,
    );
  return found;
}

/** The longest life of temporary keys, and the usual one, in seconds: https://cloud.tencent.com/document/api/1312/48197 */
const lifeMaxS = 43_200;
const lifeS = 7200;

/** Issues the keys of a role: https://cloud.tencent.com/document/api/1312/48197 */
const assumeRole = action<'sts.AssumeRole'>((request, { account, temporaryKey, applied }) => {
  const { RoleArn, RoleSessionName, DurationSeconds = lifeS, ExternalId } = request;
  if (DurationSeconds < 1 || DurationSeconds > lifeMaxS)
    throw new ApiError(
      'InvalidParameter.OverTimeError',
      `\`DurationSeconds\` must be from 1 to ${lifeMaxS}.`,
    );
  const role = findRole(account, RoleArn);
  if (!role.trustedUins.includes(account.uin) || (role.externalId ?? ExternalId) !== ExternalId)
    throw new ApiError('UnauthorizedOperation', `You are not authorized to assume the role ${RoleArn}.`);
  const { secretId, secretKey, token, endsAt } = temporaryKey(role, RoleSessionName, DurationSeconds);
  applied(RoleArn);
  return {
    Credentials: { Token: token, TmpSecretId: secretId, TmpSecretKey: secretKey },
    ExpiredTime: endsAt / 1000,
    Expiration: new Date(endsAt).toISOString().replace('.000', ''),
  };
});

export const stsActions: Actions = { GetCallerIdentity: getCallerIdentity, AssumeRole: assumeRole };

export const stsValues: ValueRules = {
  AssumeRole: [
    {
      field: 'RoleSessionName',
      pattern: /^[\w+=,.@-]{2,128}$/,
      hint: 'have 2 to 128 letters, digits and =,.@_-',
      code: 'InvalidParameter.ParamError',
      source: 'https://cloud.tencent.com/document/api/1312/48197',
    },
  ],
};
