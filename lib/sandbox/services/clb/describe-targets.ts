import type {
  Backend,
  DescribeTargetsRequest,
  DescribeTargetsResponse,
  Filter,
  FunctionTarget,
  ListenerBackend,
  RuleTargets,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '../../api/api-error';
import { cloudTime } from '../../clock';
import type { WorldFunctionTarget, WorldListener, WorldTarget } from '../../world/clb';
import type { AccountWorld } from '../../world/world';
import { action, type Changed, type WithNull } from '../action';
import { findLoadBalancer } from './look-up';

type BackendAnswer = WithNull<Backend, 'EniId' | 'InstanceName' | 'PublicIpAddresses' | 'Zone'>;
type RuleAnswer = Changed<RuleTargets, { Targets: BackendAnswer[] }>;
type ListenerAnswer = Changed<ListenerBackend, { Rules: RuleAnswer[]; Targets: BackendAnswer[] }>;
type Answer = Changed<DescribeTargetsResponse, { Listeners: ListenerAnswer[] }>;

const filterNames = ['location-id', 'private-ip-address', 'tag'];

/** The values of each filter that was given. @throws ApiError InvalidParameterValue.InvalidFilter */
function filterValues(filters: readonly Filter[]): (name: string) => readonly string[] | undefined {
  for (const { Name: name } of filters) {
    if (!filterNames.includes(name)) {
      throw new ApiError('InvalidParameterValue.InvalidFilter', `The filter \`${name}\` does not exist.`);
    }
  }
  return (name) => filters.find((filter) => filter.Name === name)?.Values;
}

function backendAnswer(account: AccountWorld, target: WorldTarget): BackendAnswer {
  const instance = account.instances[target.instanceId];
  return {
    Type: 'CVM',
    InstanceId: target.instanceId,
    InstanceName: instance?.name ?? null,
    Port: target.port,
    Weight: target.weight,
    PrivateIpAddresses: instance ? [instance.privateIp] : [],
    PublicIpAddresses: null,
    RegisteredTime: cloudTime(target.registeredAt),
    EniId: null,
    Tag: '',
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

/** https://www.tencentcloud.com/document/api/214/33832. The one action that shows what a rule forwards to. */
export const describeTargets = action<DescribeTargetsRequest, Answer>((request, context) => {
  const { ListenerIds: ids = [], Protocol: protocol, Port: port } = request;
  if (ids.length > 20) {
    throw new ApiError('InvalidParameterValue.Length', 'The parameter `ListenerIds` takes at most 20 ids.');
  }
  const values = filterValues(request.Filters ?? []);
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
    EndPort: 0,
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
  const found = findLoadBalancer(context, request.LoadBalancerId).listeners.filter(
    (listener) =>
      (ids.length === 0 || ids.includes(listener.id)) &&
      (protocol === undefined || listener.protocol === protocol) &&
      (port === undefined || listener.port === port),
  );
  return { Listeners: found.map(listenerAnswer) };
});
