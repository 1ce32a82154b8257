import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import { type Actions, action } from '../action';

/**
 * Returns the caller; `UserId` distinguishes a sub-user from the account:
 * https://cloud.tencent.com/document/api/1312/66098. `Arn` as in the example: github.com/TencentCloud/tencentcloud-cli,
 * tccli/examples/sts/v20180813/GetCallerIdentity.md.
 */
const getCallerIdentity = action<'sts.GetCallerIdentity'>((_, { account, user }) => {
  const uin = user?.uin ?? account.uin;
  return {
    Arn: `qcs::cam:${account.uin}:uin/${uin}`,
    AccountId: account.uin,
    UserId: uin,
    PrincipalId: uin,
    Type: 'CAMUser',
  };
});

export const stsActions: Actions = { GetCallerIdentity: getCallerIdentity };

export const stsValues: ValueRules = {};
