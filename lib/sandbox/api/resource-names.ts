import type { ApiRoute } from '@/lib/sandbox/model/dispatch';
import type { AccountWorld } from '../world/world';

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
 * Returns what a policy must allow for a request, in the six segments of CAM: `qcs::clb:ap-singapore:uin/…:clb/lb-…`.
 * Null for operation-level actions, which only `*` allows. Formats by product:
 * https://www.tencentcloud.com/document/product/598/57089 (CLB),
 * https://www.tencentcloud.com/document/product/598/57108
 */
export function listResources(
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
