import type {
  DescribeTargetHealthRequest,
  ListenerHealth,
  LoadBalancerHealth,
  RuleHealth,
  TargetHealth as TargetHealthAnswer,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { backendsOfRule, type TargetPool } from '@/lib/sandbox/model/clb/rule-backends';
import { type TargetHealth, targetHealth } from '@/lib/sandbox/model/clb/target-health';
import { type ActionContext, action, type WithFields, type WithNull } from '@/lib/sandbox/services/action';
import { findCurrentLoadBalancer, isHttpListener } from '@/lib/sandbox/services/clb/find/find-objects';
import type { WorldListener, WorldLoadBalancer, WorldRule, WorldTarget } from '@/lib/sandbox/world/clb';
import { targetAddress, targetIdentity } from '@/lib/sandbox/world/target-address';

type TargetAnswer = WithFields<TargetHealthAnswer, { TargetGroupId?: string }>;
type RuleAnswer = WithFields<WithNull<RuleHealth, 'Domain' | 'Url'>, { Targets: TargetAnswer[] }>;
type ListenerAnswer = WithFields<ListenerHealth, { Rules: RuleAnswer[] }>;
type BalancerAnswer = WithFields<LoadBalancerHealth, { Listeners: ListenerAnswer[] }>;
type Answer = { LoadBalancers: BalancerAnswer[] };

function targetAnswer(
  pool: TargetPool,
  target: WorldTarget,
  stopped: boolean,
  { account, now }: ActionContext,
): TargetAnswer {
  const instance = account.instances[target.instanceId];
  const health: TargetHealth = stopped
    ? 'Close'
    : targetHealth(pool.healthCheck, target.registeredAt, instance, now);
  return {
    IP: targetAddress(target, instance),
    Port: target.port,
    TargetId: targetIdentity(target, instance).InstanceId,
    // An unchecked server counts as healthy: it is not among the kinds of unhealthy that the page lists.
    HealthStatus: health === 'Alive' || health === 'Close',
    HealthStatusDetail: health,
    // The older field has no value for Close.
    HealthStatusDetial: health === 'Close' ? 'Unknown' : health,
    ...(pool.groupId !== null && { TargetGroupId: pool.groupId }),
    Weight: target.weight,
  };
}

function describeHealth(holder: WorldRule | WorldListener, stopped: boolean, context: ActionContext) {
  return backendsOfRule(context.account, holder).flatMap((pool) =>
    pool.targets.map((target) => targetAnswer(pool, target, stopped, context)),
  );
}

function listenerAnswer(
  listener: WorldListener,
  stopped: boolean,
  locationIds: readonly string[] | undefined,
  context: ActionContext,
): ListenerAnswer {
  const rules = listener.rules.filter((rule) => !locationIds || locationIds.includes(rule.id));
  const own = { LocationId: '', Domain: null, Url: null, RuleId: '' };
  return {
    ListenerId: listener.id,
    ListenerName: listener.name,
    Protocol: listener.protocol,
    Port: listener.port,
    Rules: isHttpListener(listener)
      ? rules.map((rule) => ({
          LocationId: rule.id,
          Domain: rule.domain,
          Url: rule.url,
          RuleId: '',
          Targets: describeHealth(rule, stopped, context),
        }))
      : [{ ...own, Targets: describeHealth(listener, stopped, context) }],
  };
}

function balancerAnswer(
  loadBalancer: WorldLoadBalancer,
  request: DescribeTargetHealthRequest,
  context: ActionContext,
): BalancerAnswer {
  const { ListenerIds: listenerIds, LocationIds: locationIds } = request;
  return {
    LoadBalancerId: loadBalancer.id,
    LoadBalancerName: loadBalancer.name,
    Listeners: loadBalancer.listeners
      .filter((listener) => !listenerIds || listenerIds.includes(listener.id))
      .filter((listener) => !locationIds || listener.rules.some((rule) => locationIds.includes(rule.id)))
      .map((listener) =>
        listenerAnswer(listener, loadBalancer.stopped || listener.stopped, locationIds, context),
      ),
  };
}

/**
 * DescribeTargetHealth of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. Servers
 * only, including those of target groups; functions are not checked. Not for classic instances. Empty lists of ids
 * filter nothing.
 */
export const describeTargetHealth = action<'clb.DescribeTargetHealth', Answer>((request, context) => {
  const loadBalancers = request.LoadBalancerIds.map((id) => findCurrentLoadBalancer(context, id));
  const given = <T>(list: T[] | undefined) => (list && list.length > 0 ? list : undefined);
  const [listenerIds, locationIds] = [given(request.ListenerIds), given(request.LocationIds)];
  const filters = {
    LoadBalancerIds: request.LoadBalancerIds,
    ...(listenerIds && { ListenerIds: listenerIds }),
    ...(locationIds && { LocationIds: locationIds }),
  };
  return { LoadBalancers: loadBalancers.map((each) => balancerAnswer(each, filters, context)) };
});
