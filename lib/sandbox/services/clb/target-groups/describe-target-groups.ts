import type {
  AssociationItem,
  Filter,
  TargetGroupInfo,
  TargetGroupInstanceStatus,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { type GroupAssociation, rulesOfGroup } from '@/lib/sandbox/model/clb/rule-backends';
import { type TargetHealth, targetHealth } from '@/lib/sandbox/model/clb/target-health';
import { type ActionContext, action, type WithFields, type WithNull } from '@/lib/sandbox/services/action';
import { page } from '@/lib/sandbox/services/paging';
import type { WorldHealthCheck, WorldTargetGroup } from '@/lib/sandbox/world/clb';
import { cloudTime } from '@/lib/sandbox/world/clock';
import { targetAddress, targetIdentity } from '@/lib/sandbox/world/target-address';
import type { GroupHealthCheckAnswer } from '../listeners/health-check';
import { groupHealthCheckAnswer } from './target-group-health-check';
import { findGroup } from './target-group-input';

type RuleAnswer = WithNull<AssociationItem, 'Domain' | 'LocationId' | 'Url'>;
type GroupAnswer = WithFields<
  WithNull<TargetGroupInfo, 'Protocol' | 'ScheduleAlgorithm' | 'Weight'>,
  { AssociatedRule: RuleAnswer[]; HealthCheck: GroupHealthCheckAnswer | null }
>;

function ruleAnswer({ loadBalancer, listener, rule, weight }: GroupAssociation): RuleAnswer {
  return {
    LoadBalancerId: loadBalancer.id,
    LoadBalancerName: loadBalancer.name,
    ListenerId: listener.id,
    ListenerName: listener.name,
    LocationId: rule?.id ?? null,
    Protocol: listener.protocol,
    Port: listener.port,
    Domain: rule?.domain ?? null,
    Url: rule?.url ?? null,
    Weight: weight,
    RuleId: '',
  };
}

function groupAnswer(group: WorldTargetGroup, { account }: ActionContext): GroupAnswer {
  const { protocol } = group;
  const isLayer7 = protocol === 'HTTP' || protocol === 'HTTPS' || protocol === 'GRPC';
  const rules = rulesOfGroup(account, group.id);
  return {
    TargetGroupId: group.id,
    VpcId: group.vpcId,
    TargetGroupName: group.name,
    Port: group.port,
    CreatedTime: cloudTime(group.createdAt),
    UpdatedTime: cloudTime(group.createdAt),
    AssociatedRule: rules.map(ruleAnswer),
    Protocol: protocol,
    ScheduleAlgorithm: isLayer7 ? group.scheduler : null,
    HealthCheck: group.healthCheck && groupHealthCheckAnswer(group.healthCheck),
    TargetGroupType: group.type,
    AssociatedRuleCount: rules.length,
    RegisteredInstancesCount: group.targets.length,
    Tag: Object.entries(group.tags).map(([key, value]) => ({ TagKey: key, TagValue: value })),
    Weight: group.weight,
    FullListenSwitch: group.fullListen,
    KeepaliveEnable: group.keepalive,
    SessionExpireTime: group.sessionExpireS,
    IpVersion: 'IPv4',
    SnatEnable: group.snat,
  };
}

/**
 * Returns whether a group matches a filter. `Tag` filters by `key:value` or by key (assumption: the page only names the
 * filter).
 */
function matches(group: WorldTargetGroup, { Name: name, Values: values }: Filter): boolean {
  if (name === 'TargetGroupVpcId') return values.includes(group.vpcId);
  if (name === 'TargetGroupName') return values.includes(group.name);
  return Object.entries(group.tags).some(
    ([key, value]) => values.includes(key) || values.includes(`${key}:${value}`),
  );
}

type Answer = { TargetGroupSet: GroupAnswer[] };

/** DescribeTargetGroups of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. */
export const describeTargetGroups = action<'clb.DescribeTargetGroups', Answer>((request, context) => {
  const { TargetGroupIds: ids = [], Filters: filters = [] } = request;
  if (ids.length > 0 && filters.length > 0) {
    throw new ApiError(
      'InvalidParameter',
      'The parameters `TargetGroupIds` and `Filters` exclude each other.',
    );
  }
  const found = Object.values(context.account.targetGroups).filter(
    (group) =>
      group.region === context.region &&
      (ids.length === 0 || ids.includes(group.id)) &&
      filters.every((filter) => matches(group, filter)),
  );
  return {
    TotalCount: found.length,
    TargetGroupSet: page(found, request, { fallback: 20, max: 100 }).map((group) =>
      groupAnswer(group, context),
    ),
  };
});

const statuses: Readonly<Record<TargetHealth, string>> = {
  Alive: 'health',
  Dead: 'unhealth',
  Unknown: 'on',
  Close: 'off',
};

/** Returns the health check of a group. A v1 group uses the check of the rule that forwards to it. */
function findHealthCheck(group: WorldTargetGroup, { account }: ActionContext): WorldHealthCheck | null {
  if (group.type === 'v2') return group.healthCheck;
  const [used] = rulesOfGroup(account, group.id);
  return used ? (used.rule ?? used.listener).healthCheck : null;
}

type StatusAnswer = WithNull<TargetGroupInstanceStatus, 'EniId'>;

/**
 * DescribeTargetGroupInstanceStatus of the same description. It documents support only for groups of gateway load
 * balancers; an assumption decides whether others are refused.
 */
export const describeTargetGroupInstanceStatus = action<
  'clb.DescribeTargetGroupInstanceStatus',
  { TargetGroupInstanceSet: StatusAnswer[] }
>((request, context) => {
  const { account, now, assumptions } = context;
  const group = findGroup(context, request.TargetGroupId);
  if (assumptions.get('targetGroup.status') === 'refused') {
    throw new ApiError(
      'FailedOperation',
      `The target group ${group.id} is not of a gateway load balancer: its status can't be asked for.`,
    );
  }
  const check = findHealthCheck(group, context);
  const { TargetGroupInstanceIps: ips } = request;
  return {
    TargetGroupInstanceSet: group.targets.flatMap((target): StatusAnswer[] => {
      const instance = account.instances[target.instanceId];
      const ip = targetAddress(target, instance);
      if (ips && !ips.includes(ip)) return [];
      const health = targetHealth(check, target.registeredAt, instance, now);
      const status = { InstanceIp: ip, Status: statuses[health], Port: target.port };
      const { InstanceId, EniId } = targetIdentity(target, instance);
      return [{ ...status, InstanceId, EniId }];
    }),
  };
});
