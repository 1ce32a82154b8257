import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRoute, ServiceName } from '@/lib/sandbox/model/dispatch';
import type { WorldPolicy } from '../world/access';
import { listUserPolicies } from '../world/policies';
import type { AccountWorld } from '../world/world';
import type { Caller } from '../world/world-store';

type Fields = Readonly<Record<string, unknown>>;

function toFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Returns the texts and numbers of a field, or of the field of each item: `Targets[].InstanceId`. */
export function namesAt(value: unknown, path: string): string[] {
  const [head = '', rest] = path.split('[].', 2);
  const found = toFields(value)[head];
  if (rest !== undefined) return Array.isArray(found) ? found.flatMap((item) => namesAt(item, rest)) : [];
  const all: unknown[] = Array.isArray(found) ? found : [found];
  return all.filter((each) => typeof each === 'string' || typeof each === 'number').map(String);
}

/**
 * Actions on load balancers that policies can't limit to specific ones, though they may name some:
 * https://www.tencentcloud.com/document/product/598/57089
 */
const operationLevel: ReadonlySet<string> = new Set(['DescribeLoadBalancers']);

/**
 * Returns the resources that a policy must allow for a request, in the six segments of CAM:
 * `qcs::clb:ap-singapore:uin/…:clb/lb-…`. Null for operation-level actions, which only `*` allows. Formats by product:
 * https://www.tencentcloud.com/document/product/598/57089 (CLB),
 * https://www.tencentcloud.com/document/product/598/57108
 */
function listResources(
  { service, action }: ApiRoute,
  { account, region }: { account: AccountWorld; region: string },
  body: unknown,
): string[] | null {
  const owner = `uin/${account.uin}`;
  const named = (paths: readonly string[]) => paths.flatMap((path) => namesAt(body, path));
  switch (service) {
    case 'clb': {
      if (operationLevel.has(action)) return null;
      const balancers = named(['LoadBalancerId', 'LoadBalancerIds', 'LoadBalancerSla[].LoadBalancerId']);
      const servers = named(['Targets[].InstanceId', 'ModifyList[].Targets[].InstanceId']);
      if (balancers.length === 0) return null;
      return [
        ...balancers.map((id) => `qcs::clb:${region}:${owner}:clb/${id}`),
        ...servers.map((id) => `qcs::cvm:${region}:${owner}:instance/${id}`),
      ];
    }
    case 'scf': {
      const [namespace = 'default'] = named(['Namespace']);
      const functions = named(['FunctionName']);
      if (functions.length === 0) return null;
      return functions.map((name) => `qcs::scf:${region}:${owner}:namespace/${namespace}/function/${name}`);
    }
    case 'dnspod': {
      const ids = named(['DomainId']);
      const domains = named(['Domain']).map((name) => account.zones[name]?.id ?? name);
      const [id] = [...ids, ...domains];
      return id === undefined ? null : [`qcs::dnspod::${owner}:domain/${id}`];
    }
    default:
      return null;
  }
}

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
 * Finds the denied resource of a request: for each resource one statement must allow it and none deny it
 * (https://www.tencentcloud.com/document/product/598/10602). An operation-level action is allowed only by `*`.
 * @returns the resource that is not allowed, `*` if the action has no resource, or null if all is allowed
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
 * Checks the caller's permission for a call.
 * @throws ApiError UnauthorizedOperation or AuthFailure.UnauthorizedOperation, with CAM's messages
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

/**
 * Returns whether a text matches a pattern in which `*` matches anything, as in CAM's policies: `clb:Describe*`.
 * Ignores case, as CAM's actions do. Takes time in proportion to both lengths.
 */
export function fitsWildcard(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const lower = text.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return lower === first;
  if (!lower.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = lower.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return lower.length - last.length >= at && lower.endsWith(last);
}
