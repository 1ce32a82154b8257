import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRoute, ServiceName } from '@/lib/sandbox/model/dispatch';
import { fitsWildcard } from '@/lib/sandbox/model/wildcard';
import type { WorldPolicy } from '../world/access';
import { listUserPolicies } from '../world/policies';
import type { Caller } from '../world/world-store';
import { listResources } from './resource-names';

type Statement = WorldPolicy['document']['statement'][number];

/**
 * Returns whether a pattern matches an action. Older policies write `name/clb:Describe*`:
 * https://www.tencentcloud.com/document/product/598/10604.
 */
function covers(pattern: string, name: string): boolean {
  return fitsWildcard(pattern.startsWith('name/') ? pattern.slice(5) : pattern, name);
}

/**
 * Returns whether a pattern matches a resource. An empty region means all regions, an empty owner the account itself:
 * https://www.tencentcloud.com/document/product/598/10606.
 */
function fitsResource(pattern: string, resource: string): boolean {
  if (pattern === '*') return true;
  const wanted = pattern.split(':');
  const given = resource.split(':');
  if (wanted.length < 6) return fitsWildcard(pattern, resource);
  const segments = [...wanted.slice(0, 5), wanted.slice(5).join(':')];
  return segments.every((segment, index) => segment === '' || fitsWildcard(segment, given[index] ?? ''));
}

/** Returns whether a statement applies to the resource; null stands for an action that has no resources. */
function coversResource(statement: Statement, resource: string | null): boolean {
  return statement.resource.some((pattern) =>
    resource === null ? pattern === '*' : fitsResource(pattern, resource),
  );
}

/**
 * The codes of refusals by CAM that differ from the usual one: error lists in
 * github.com/TencentCloud/tencentcloud-sdk-go.
 */
const refusals: Partial<Record<ServiceName, string>> = {
  cam: 'AuthFailure.UnauthorizedOperation',
  monitor: 'AuthFailure.UnauthorizedOperation',
  tag: 'AuthFailure.UnauthorizedOperation',
};

/**
 * Finds what the caller may not do in a request: for each resource one statement must allow it and none deny it
 * (https://www.tencentcloud.com/document/product/598/10602). An operation-level action is allowed only by `*`. @returns
 * the resource that is not allowed, `*` if there is none to name, or null when all is allowed
 */
function forbidden({ caller, route, region }: PermissionCall, body: unknown): string | null {
  const { account, user } = caller;
  if (user === null) return null;
  const name = `${route.service}:${route.action}`;
  const statements = listUserPolicies(account, user)
    .flatMap((policy) => policy.document.statement)
    .filter((statement) => statement.action.some((pattern) => covers(pattern, name)));
  const isAllowed = (resource: string | null) => {
    const speaking = statements.filter((statement) => coversResource(statement, resource));
    return (
      speaking.some((statement) => statement.effect === 'allow') &&
      !speaking.some((statement) => statement.effect === 'deny')
    );
  };
  const resources = listResources(route, { account, region }, body);
  if (resources === null) return isAllowed(null) ? null : '*';
  return resources.find((resource) => !isAllowed(resource)) ?? null;
}

type PermissionCall = {
  readonly caller: Caller;
  readonly route: ApiRoute;
  readonly region: string;
  readonly requestId: string;
};

/**
 * Checks that the caller may make a call. @throws ApiError UnauthorizedOperation or AuthFailure.UnauthorizedOperation,
 * with CAM's messages
 */
export function requirePermission(call: PermissionCall, body: unknown): void {
  const resource = forbidden(call, body);
  if (resource === null) return;
  const { service, action } = call.route;
  throw new ApiError(
    refusals[service] ?? 'UnauthorizedOperation',
    `[request id:${call.requestId}]you are not authorized to perform operation (${service}:${action})\nresource (${resource}) has no permission\n`,
  );
}
