import type {
  CrossTargets,
  LBItem,
  LbRsTargets,
  ListenerItem,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { numericalVpcId } from '@/lib/sandbox/model/clb/numerical-vpc-id';
import { action, type WithFields, type WithNull } from '@/lib/sandbox/services/action';
import { isHttpListener } from '@/lib/sandbox/services/clb/find/find-objects';
import { page } from '@/lib/sandbox/services/paging';
import type { WorldListener, WorldLoadBalancer, WorldTarget } from '@/lib/sandbox/world/clb';
import { type TargetAddress, targetAddress, targetIdentity } from '@/lib/sandbox/world/target-address';
import type { AccountWorld } from '@/lib/sandbox/world/world';

type ListenerAnswer = WithNull<ListenerItem, 'Rules' | 'Targets'>;
type BalancerAnswer = WithFields<LBItem, { Listeners: ListenerAnswer[] }>;
type ListenersAnswer = { LoadBalancers: BalancerAnswer[] };

function listenerItem(
  listener: WorldListener,
  instances: AccountWorld['instances'],
  isAsked: (vpcId: string, ip: string) => boolean,
): ListenerAnswer | null {
  const listItems = (targets: readonly WorldTarget[]): LbRsTargets[] =>
    targets.flatMap((target) => {
      const server = instances[target.instanceId];
      const PrivateIp = targetAddress(target, server);
      if (!server || !isAsked(server.vpcId, PrivateIp)) return [];
      const Type = targetIdentity(target, server).Type.toLowerCase();
      const VpcId = numericalVpcId(server.vpcId);
      return [{ Type, PrivateIp, Port: target.port, VpcId, Weight: target.weight }];
    });
  const rules = listener.rules
    .map(({ id, domain, url, targets }) => ({
      LocationId: id,
      Domain: domain,
      Url: url,
      Targets: listItems(targets),
    }))
    .filter((rule) => rule.Targets.length > 0);
  const own = listItems(listener.targets);
  if (rules.length === 0 && own.length === 0) return null;
  return {
    ListenerId: listener.id,
    Protocol: listener.protocol,
    Port: listener.port,
    EndPort: listener.endPort ?? 0,
    Rules: isHttpListener(listener) ? rules : null,
    Targets: isHttpListener(listener) ? null : own,
  };
}

/**
 * DescribeLBListeners of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json: the load
 * balancers of the region that forward to one of the servers, with the listeners and rules that do.
 */
export const describeLBListeners = action<'clb.DescribeLBListeners', ListenersAnswer>((request, context) => {
  const { account, region } = context;
  const isAsked = (vpcId: string, ip: string) =>
    request.Backends.some(({ VpcId, PrivateIp }) => VpcId === vpcId && PrivateIp === ip);
  const items = Object.values(account.loadBalancers)
    .filter((loadBalancer) => loadBalancer.region === region)
    .map(({ id, vips, listeners }) => ({
      LoadBalancerId: id,
      Vip: vips[0] ?? '',
      Region: region,
      Listeners: listeners.flatMap((listener) => listenerItem(listener, account.instances, isAsked) ?? []),
    }));
  return { LoadBalancers: items.filter((item) => item.Listeners.length > 0) };
});

/** Yields the servers outside a load balancer's VPC that it forwards to; `holder` names the listener and rule. */
function* crossTargetsOf(loadBalancer: WorldLoadBalancer) {
  for (const listener of loadBalancer.listeners) {
    for (const target of listener.targets) yield { listenerId: listener.id, ruleId: '', target };
    for (const rule of listener.rules) {
      for (const target of rule.targets) yield { listenerId: listener.id, ruleId: rule.id, target };
    }
  }
}

/**
 * DescribeCrossTargets of the same description, for load balancers with cross-region binding 2.0 (`SnatPro`): the
 * servers outside their VPC. Without filters by listener or rule, those that could be bound; with them, those that are
 * (assumption: the page only names the filters).
 */
export const describeCrossTargets = action<'clb.DescribeCrossTargets'>((request, context) => {
  const { account, region } = context;
  const values = (name: string) => request.Filters?.find((filter) => filter.Name === name)?.Values;
  const passes = (name: string, value: string) => values(name)?.includes(value) ?? true;
  const bound = values('listener-id') !== undefined || values('location-id') !== undefined;
  const found = new Map<string, CrossTargets>();
  const balancers = Object.values(account.loadBalancers).filter(
    (each) => each.region === region && each.snatPro && passes('vpc-id', each.vpcId),
  );
  for (const loadBalancer of balancers) {
    const targets: readonly TargetAddress[] = bound
      ? [...crossTargetsOf(loadBalancer)]
          .filter(
            ({ listenerId, ruleId }) => passes('listener-id', listenerId) && passes('location-id', ruleId),
          )
          .map(({ target }) => target)
      : Object.keys(account.instances).map((instanceId) => ({ instanceId, port: 0 }));
    for (const target of targets) {
      const server = account.instances[target.instanceId];
      const IP = targetAddress(target, server);
      if (!server || server.vpcId === loadBalancer.vpcId || !passes('ip', IP)) continue;
      found.set(`${loadBalancer.vpcId} ${IP}`, {
        LocalVpcId: loadBalancer.vpcId,
        VpcId: server.vpcId,
        IP,
        VpcName: account.vpcs[server.vpcId]?.name ?? '',
        EniId: targetIdentity(target, server).EniId ?? '',
        InstanceId: server.id,
        InstanceName: server.name,
        Region: server.region,
      });
    }
  }
  const all = [...found.values()];
  return { TotalCount: all.length, CrossTargetSet: page(all, request, { fallback: 20, max: 100 }) };
});
