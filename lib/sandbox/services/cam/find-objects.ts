import { ApiError } from '@/lib/sandbox/model/api-error';
import type { WorldGroup, WorldPolicy, WorldRole, WorldUser } from '@/lib/sandbox/world/access';
import { findPolicy } from '@/lib/sandbox/world/policies';
import type { AccountWorld } from '@/lib/sandbox/world/world';

/**
 * Returns the matching user.
 * @throws ApiError ResourceNotFound.UserNotExist
 */
export function requireUser(
  account: AccountWorld,
  field: string,
  isWanted: (user: WorldUser) => boolean,
): WorldUser {
  const found = Object.values(account.users).find(isWanted);
  if (found) return found;
  throw new ApiError('ResourceNotFound.UserNotExist', `The user that \`${field}\` names does not exist.`);
}

/** Returns the user with a UIN. @throws ApiError ResourceNotFound.UserNotExist */
export function userOfUin(account: AccountWorld, field: string, uin: number): WorldUser {
  return requireUser(account, field, (user) => user.uin === String(uin));
}

/**
 * Returns the role with an id, or else a name.
 * @throws ApiError InvalidParameter.ParamError if neither is given, InvalidParameter.RoleNotExist
 */
export function requireRole(
  account: AccountWorld,
  { RoleId, RoleName }: { readonly RoleId?: string; readonly RoleName?: string },
): WorldRole {
  if (RoleId === undefined && RoleName === undefined)
    throw new ApiError(
      'InvalidParameter.ParamError',
      'One of the parameters `RoleId` and `RoleName` must be given.',
    );
  const found = Object.values(account.roles ?? {}).find((role) =>
    RoleId === undefined ? role.name === RoleName : role.id === RoleId,
  );
  if (found) return found;
  throw new ApiError('InvalidParameter.RoleNotExist', `The role ${RoleId ?? RoleName} does not exist.`);
}

/** Returns the group with an id. @throws ApiError ResourceNotFound.GroupNotExist */
export function getGroup(account: AccountWorld, id: number): WorldGroup {
  const group = account.groups[id];
  if (group) return group;
  throw new ApiError(
    'ResourceNotFound.GroupNotExist',
    'The group that `TargetGroupId` names does not exist.',
  );
}

/** Returns the policy with an id. @throws ApiError ResourceNotFound.PolicyIdNotFound */
export function requirePolicy(account: AccountWorld, id: number): WorldPolicy {
  const policy = findPolicy(account, id);
  if (policy) return policy;
  throw new ApiError('ResourceNotFound.PolicyIdNotFound', 'The policy that `PolicyId` names does not exist.');
}

/** Returns one page of a list, numbered from 1. @param size the default page size */
export function slicePage<T>(
  items: readonly T[],
  { Page = 1, Rp = 20 }: { Page?: number; Rp?: number },
): T[] {
  return items.slice((Page - 1) * Rp, Page * Rp);
}
