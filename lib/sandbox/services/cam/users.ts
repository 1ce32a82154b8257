import { ApiError } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import { action } from '../action';
import { requireUser } from './find-objects';

/** The sandbox's users have only keys: they cannot log in and have no contact data. */
const noConsole = { ConsoleLogin: 0, PhoneNum: '', CountryCode: '', Email: '' };

/** https://cloud.tencent.com/document/api/598/34590 */
export const getUser = action<'cam.GetUser'>((request, { account }) => {
  const user = requireUser(account, 'Name', (each) => each.name === request.Name);
  return {
    Uin: Number(user.uin),
    Name: user.name,
    Uid: user.uid,
    Remark: user.remark,
    ...noConsole,
    RecentlyLoginIP: '',
    RecentlyLoginTime: '',
  };
});

/**
 * Returns the caller and the account's owner: GetUserAppId of github.com/TencentCloud/tencentcloud-cli,
 * tccli/services/cam/v20190116/api.json.
 */
export const getUserAppId = action<'cam.GetUserAppId'>((_, { account, user }) => ({
  Uin: user?.uin ?? account.uin,
  OwnerUin: account.uin,
  AppId: account.appId,
}));

/** https://cloud.tencent.com/document/api/598/34587 */
export const listUsers = action<'cam.ListUsers'>((_, { account }) => ({
  Data: Object.values(account.users).map((user) => ({
    Uin: Number(user.uin),
    Name: user.name,
    Uid: user.uid,
    Remark: user.remark,
    ...noConsole,
    CreateTime: cloudTime(user.createdAt),
    NickName: user.name,
  })),
}));

const accountKeyMade = Date.UTC(2020, 0, 2, 4);

/**
 * Lists the ids of a user's keys, by default the caller's; never a key:
 * https://cloud.tencent.com/document/api/598/45156
 */
export const listAccessKeys = action<'cam.ListAccessKeys'>((request, context) => {
  const { account, user: caller } = context;
  const target = request.TargetUin === undefined ? (caller?.uin ?? account.uin) : String(request.TargetUin);
  const key = (AccessKeyId: string, madeAt: number) => ({
    AccessKeys: [{ AccessKeyId, Status: 'Active', CreateTime: cloudTime(madeAt), Description: '' }],
  });
  if (target === account.uin && caller !== null) {
    throw new ApiError('OperationDenied.SubUin', 'A sub-user may not see the keys of the account itself.');
  }
  if (target === account.uin) return key(context.secretIdOf(account.uin), accountKeyMade);
  const user = requireUser(account, 'TargetUin', (each) => each.uin === target);
  return key(context.secretIdOf(user.uin), user.createdAt);
});
