import type { WorldPolicy, WorldUser } from './access';
import { presetPolicies } from './preset-policies';
import type { AccountWorld } from './world';

/** Returns a policy of the account, or one of the cloud's own. */
export function findPolicy(account: AccountWorld, id: number): WorldPolicy | undefined {
  return account.policies[id] ?? presetPolicies.find((policy) => policy.id === id);
}

/** Returns the groups that a user is in. */
export function listUserGroups(account: AccountWorld, user: WorldUser) {
  return Object.values(account.groups).filter((group) => group.userNames.includes(user.name));
}

/** Returns the policies that apply to a user: own policies and those of the groups, each once. */
export function listUserPolicies(account: AccountWorld, user: WorldUser): WorldPolicy[] {
  const ids = new Set([
    ...user.policyIds,
    ...listUserGroups(account, user).flatMap((group) => group.policyIds),
  ]);
  return [...ids].flatMap((id) => findPolicy(account, id) ?? []);
}
