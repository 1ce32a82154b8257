import type { LoadBalancerId } from '@/lib/estate/ids';
import type { Matchable } from '@/lib/estate/match-rule';
import type { Listener, LoadBalancer } from '@/lib/estate/model';
import type { ListenerRef } from '@/lib/estate/object';
import { CloudError } from '../../errors';
import type { Reader } from '../call/caller';
import { type OnOdd, readPages } from '../call/pages';
import type { MonitoredObject } from '../monitor/api';
import { type Bindings, joinBindings, ruleDomains, toBindings, toListeners, toTaskStatus } from './convert';
import { toLoadBalancers } from './convert-load-balancers';
import { toMonitoredAddresses, toRuleHealth } from './convert-measured';

/** The largest page of DescribeLoadBalancers. https://cloud.tencent.com/document/api/214/30685 */
const pageSize = 100;

/** A listener with its rules, without what is bound to them. */
export type ReadListener = Pick<Listener, 'protocol' | 'port'> & { readonly rules: readonly Matchable[] };

/** Lists all load balancers of a region, both generations. */
export function listLoadBalancers(
  reader: Reader,
  region: string,
  onOdd?: OnOdd,
): Promise<readonly LoadBalancer[]> {
  return readPages(pageSize, (window) =>
    reader.read({ service: 'clb', action: 'DescribeLoadBalancers', region, params: window }, (answer) =>
      toLoadBalancers(answer, region, onOdd),
    ),
  );
}

/** Returns the load balancers of a region that have this VIP. */
export async function listLoadBalancersAt(
  reader: Reader,
  region: string,
  vip: string,
): Promise<readonly LoadBalancer[]> {
  const params = { LoadBalancerVips: [vip] };
  const request = { service: 'clb', action: 'DescribeLoadBalancers', region, params } as const;
  return (await reader.read(request, (answer) => toLoadBalancers(answer, region))).items;
}

/** Returns the listeners of a load balancer, with the domains and URLs of their rules. */
export async function readListeners(
  reader: Reader,
  region: string,
  loadBalancerId: LoadBalancerId,
): Promise<readonly ReadListener[]> {
  const params = { LoadBalancerId: loadBalancerId };
  const request = { service: 'clb', action: 'DescribeListeners', region, params } as const;
  const listeners = await reader.read(request, (answer) => toListeners(answer));
  return listeners.map(({ Port, Protocol, Rules }) => ({
    port: Port,
    protocol: Protocol,
    rules: Rules.map((rule) => {
      const domains = [...ruleDomains(rule)];
      const [domain = ''] = domains;
      const isDefault = rule.DefaultServer === true;
      return { domain, domains, url: rule.Url, isDefault, createdAt: rule.CreateTime };
    }),
  }));
}

/** Lists the load balancers of a region that have exactly this name. */
export async function listLoadBalancersNamed(
  reader: Reader,
  region: string,
  name: string,
): Promise<readonly LoadBalancer[]> {
  const params = { LoadBalancerName: name };
  const found = await readPages(pageSize, (window) =>
    reader.read(
      { service: 'clb', action: 'DescribeLoadBalancers', region, params: { ...params, ...window } },
      (answer) => toLoadBalancers(answer, region),
    ),
  );
  return found.filter((loadBalancer) => loadBalancer.name === name);
}

/** Returns the load balancer with an id; none if it doesn't exist: the cloud omits unknown ids. */
export async function listLoadBalancersWithId(
  reader: Reader,
  region: string,
  id: string,
): Promise<readonly LoadBalancer[]> {
  const params = { LoadBalancerIds: [id] };
  const request = { service: 'clb', action: 'DescribeLoadBalancers', region, params } as const;
  return (await reader.read(request, (answer) => toLoadBalancers(answer, region))).items;
}

/** Reads the listener at a port of a load balancer, if there is one with this protocol. */
export async function readListenerAt(
  reader: Reader,
  { region, loadBalancerId, protocol, port }: ListenerRef,
): Promise<{ readonly id: string; readonly certificateId: string | null } | undefined> {
  const params = { LoadBalancerId: loadBalancerId, Protocol: protocol, Port: port };
  const listeners = await reader.read(
    { service: 'clb', action: 'DescribeListeners', region, params },
    (answer) => toListeners(answer),
  );
  const found = listeners.find((listener) => listener.Port === port && listener.Protocol === protocol);
  return found && { id: found.ListenerId, certificateId: found.Certificate?.CertId ?? null };
}

const joinAttempts = 3;

/**
 * Reads the listeners and rules of one load balancer with everything bound to them, or of some of its listeners.
 * @param listenerIds at most 20; none = all.
 * @param onOdd called for listeners and rules (`LISTENER/RULE`) that could not be read; without it they fail the read
 */
export async function readBindings(
  reader: Reader,
  region: string,
  loadBalancerId: LoadBalancerId,
  listenerIds: readonly string[] = [],
  onOdd?: OnOdd,
): Promise<Bindings> {
  const params = {
    LoadBalancerId: loadBalancerId,
    ...(listenerIds.length === 0 ? {} : { ListenerIds: [...listenerIds] }),
  };
  for (let attempt = 1; attempt <= joinAttempts; attempt += 1) {
    const odd = new Map<string, string>();
    const note = onOdd && ((id: string, reason: string) => void odd.set(id, reason));
    const [listeners, bindings] = await Promise.all([
      reader.read({ service: 'clb', action: 'DescribeListeners', region, params }, (answer) =>
        toListeners(answer, note),
      ),
      reader.read({ service: 'clb', action: 'DescribeTargets', region, params }, (answer) =>
        toBindings(answer, note),
      ),
    ]);
    const joined = joinBindings(loadBalancerId, listeners, bindings, new Set(odd.keys()));
    if (joined === null) continue;
    for (const [id, reason] of odd) onOdd?.(id, reason);
    return joined;
  }
  throw new CloudError({
    code: 'Answer.Inconsistent',
    message: `the listeners of ${loadBalancerId} and their targets do not fit together; its rules keep changing`,
    requestId: null,
    action: 'DescribeTargets',
    region,
    mayHaveHappened: false,
    advice: 'retry',
  });
}

/**
 * Reads the status of a write's task; its id is the request id of the write. Among callers that wait for the rate
 * limit, the one whose task began first is served first (`sinceMs`): it is the likeliest to have ended.
 */
export function readTask(reader: Reader, region: string | null, taskId: string, sinceMs: number) {
  const request = {
    service: 'clb',
    action: 'DescribeTaskStatus',
    region,
    params: { TaskId: taskId },
  } as const;
  return reader.read({ ...request, sinceMs }, toTaskStatus);
}

/** A domain of a listener's rules, all of its URLs where none is named. */
type MonitoredPlace = { readonly listenerId: string; readonly domain: string; readonly url: string | null };

/**
 * Returns the dimensions by which monitoring identifies some rules of a load balancer: their domain and URL at each of
 * its VIPs (https://cloud.tencent.com/document/product/248/51768). VIPs of a domain-named load balancer change, so they
 * are read again each time; so are a rule's further domains, because its requests may be counted under any of them.
 * @param places of at most 20 listeners.
 */
export async function readMonitoredRules(
  reader: Reader,
  region: string,
  loadBalancerId: LoadBalancerId,
  places: readonly MonitoredPlace[],
): Promise<readonly MonitoredObject[]> {
  const one = { LoadBalancerIds: [loadBalancerId] };
  const listenerIds = [...new Set(places.map(({ listenerId }) => listenerId))];
  const some = { LoadBalancerId: loadBalancerId, ListenerIds: listenerIds };
  const [addresses, listeners] = await Promise.all([
    reader.read(
      { service: 'clb', action: 'DescribeLoadBalancers', region, params: one },
      toMonitoredAddresses,
    ),
    reader.read({ service: 'clb', action: 'DescribeListeners', region, params: some }, (answer) =>
      toListeners(answer),
    ),
  ]);
  const dimensions = listeners.flatMap((listener) => {
    const port = { loadBalancerPort: String(listener.Port), protocol: listener.Protocol.toLowerCase() };
    return places
      .filter(({ listenerId }) => listenerId === listener.ListenerId)
      .flatMap(({ domain, url }) => {
        const rules = listener.Rules.filter(
          (rule) => ruleDomains(rule).includes(domain) && (url === null || rule.Url === url),
        );
        const domains = new Set([domain, ...rules.flatMap(ruleDomains)]);
        return [...domains].map((each) => ({ ...port, domain: each, ...(url === null ? {} : { url }) }));
      });
  });
  const distinct = new Map(dimensions.map((each) => [JSON.stringify(each), each]));
  return addresses.flatMap((address) =>
    [...distinct.values()].map((each) => ({
      region,
      namespace: 'QCE/LOADBALANCE' as const,
      dimensions: { ...address, ...each },
    })),
  );
}

/** Returns the dimensions by which monitoring identifies a load balancer: each of its VIPs. */
export async function readMonitoredBalancer(
  reader: Reader,
  region: string,
  loadBalancerId: string,
): Promise<readonly MonitoredObject[]> {
  const params = { LoadBalancerIds: [loadBalancerId] };
  const request = { service: 'clb', action: 'DescribeLoadBalancers', region, params } as const;
  const addresses = await reader.read(request, toMonitoredAddresses);
  return addresses.map((dimensions) => ({ region, namespace: 'QCE/LOADBALANCE' as const, dimensions }));
}

/**
 * Reads the health of the targets of some listeners' rules.
 * @param listenerIds at most 20.
 */
export function readTargetHealth(
  reader: Reader,
  region: string,
  loadBalancerId: LoadBalancerId,
  listenerIds: readonly string[],
) {
  const params = { LoadBalancerIds: [loadBalancerId], ListenerIds: [...listenerIds] };
  return reader.read({ service: 'clb', action: 'DescribeTargetHealth', region, params }, toRuleHealth);
}
