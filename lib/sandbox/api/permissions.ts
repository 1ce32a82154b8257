import type { Caller } from '../state/world-store';
import { ApiError } from './api-error';
import type { Route } from './dispatch';

/** `clb:Describe*` against `clb:DescribeTargets`; `*` stands for anything. */
function covers(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(name);
}

/**
 * Whether the policies of a sub-user allow the action: one statement must allow it and none deny it
 * (https://www.tencentcloud.com/document/product/598/10602). Resources are not told apart.
 */
function isAllowed({ account, user }: Caller, { service, action }: Route): boolean {
  if (user === null) return true;
  const name = `${service}:${action}`;
  const statements = user.policyIds
    .flatMap((id) => account.policies[id]?.document.statement ?? [])
    .filter((statement) => statement.action.some((pattern) => pattern === '*' || covers(pattern, name)));
  return (
    statements.some((statement) => statement.effect === 'allow') &&
    !statements.some((statement) => statement.effect === 'deny')
  );
}

/** @throws ApiError UnauthorizedOperation */
export function requirePermission(caller: Caller, route: Route): void {
  if (isAllowed(caller, route)) return;
  throw new ApiError(
    'UnauthorizedOperation',
    `You are not authorized to perform operation (${route.service}:${route.action}); no policy of the user ${caller.user?.name} allows it.`,
  );
}
