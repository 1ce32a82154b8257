import type {
  Backend,
  FunctionTarget,
  ListenerBackend,
  RuleTargets,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { action, type WithFields, type WithNull } from '@/lib/sandbox/services/action';
import { requireLoadBalancer } from '@/lib/sandbox/services/clb/find/find-objects';
import type { WorldFunctionTarget, WorldListener, WorldTarget } from '@/lib/sandbox/world/clb';
import { cloudTime } from '@/lib/sandbox/world/clock';
import { targetIdentity } from '@/lib/sandbox/world/target-address';
import type { AccountWorld } from '@/lib/sandbox/world/world';

type BackendAnswer = WithNull<Backend, 'EniId' | 'InstanceName' | 'PublicIpAddresses' | 'Zone'>;
type RuleAnswer = WithFields<RuleTargets, { Targets: BackendAnswer[] }>;
type ListenerAnswer = WithFields<ListenerBackend, { Rules: RuleAnswer[]; Targets: BackendAnswer[] }>;
type Answer = { Listeners: ListenerAnswer[] };

function backendAnswer(account: AccountWorld, target: WorldTarget): BackendAnswer {
  const instance = account.instances[target.instanceId];
  const { addresses, ...identity } = targetIdentity(target, instance);
  return {
    ...identity,
    InstanceName: instance?.name ?? null,
    Port: target.port,
    Weight: target.weight,
    PrivateIpAddresses: addresses,
    PublicIpAddresses:
      target.eniIp === undefined && instance && instance.publicIps.length > 0 ? instance.publicIps : null,
    RegisteredTime: cloudTime(target.registeredAt),
    Tag: target.tag ?? '',
    Zone: instance?.zone ?? null,
  };
}

function functionAnswer(target: WorldFunctionTarget): FunctionTarget {
  return {
    Function: {
      FunctionNamespace: target.namespace,
      FunctionName: target.name,
      FunctionQualifier: target.qualifier,
      FunctionQualifierType: target.qualifierType,
    },
    Weight: target.weight,
  };
}

/**
 * DescribeTargets of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. The only action
 * that returns the backends of a rule.
 */
export const describeTargets = action<'clb.DescribeTargets', Answer>((request, context) => {
  const { ListenerIds: ids = [], Protocol: protocol, Port: port } = request;
  const values = (name: string) => request.Filters?.find((filter) => filter.Name === name)?.Values;
  const [locations, ips, tags] = [values('location-id'), values('private-ip-address'), values('tag')];
  const backends = (targets: readonly WorldTarget[]): BackendAnswer[] =>
    targets
      .map((target) => backendAnswer(context.account, target))
      .filter((backend) => !ips || backend.PrivateIpAddresses?.some((ip) => ips.includes(ip)))
      .filter((backend) => !tags || tags.includes(backend.Tag ?? ''));
  const listenerAnswer = (listener: WorldListener): ListenerAnswer => ({
    ListenerId: listener.id,
    Protocol: listener.protocol,
    Port: listener.port,
    EndPort: listener.endPort ?? 0,
    Targets: backends(listener.targets),
    Rules: listener.rules
      .filter((rule) => !locations || locations.includes(rule.id))
      .map((rule) => ({
        LocationId: rule.id,
        Domain: rule.domain,
        Url: rule.url,
        Targets: backends(rule.targets),
        FunctionTargets: rule.functions.map(functionAnswer),
      })),
  });
  const found = requireLoadBalancer(context, request.LoadBalancerId).listeners.filter(
    (listener) =>
      (ids.length === 0 || ids.includes(listener.id)) &&
      (protocol === undefined || listener.protocol === protocol.toUpperCase()) &&
      (port === undefined || listener.port === port),
  );
  return { Listeners: found.map(listenerAnswer) };
});
