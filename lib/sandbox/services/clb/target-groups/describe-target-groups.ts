import type {
  AssociationItem,
  DescribeTargetGroupsRequest,
  Filter,
  TargetGroupInfo,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { type GroupAssociation, rulesOfGroup } from '@/lib/sandbox/model/clb/rule-backends';
import { type ActionContext, action, type WithFields, type WithNull } from '@/lib/sandbox/services/action';
import { page } from '@/lib/sandbox/services/paging';
import type { WorldTargetGroup } from '@/lib/sandbox/world/clb';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { GroupHealthCheckAnswer } from '../listeners/health-check';
import { groupHealthCheckAnswer } from './target-group-health-check';

type RuleAnswer = WithNull<AssociationItem, 'Domain' | 'LocationId' | 'Url'>;
type GroupAnswer = WithFields<
  WithNull<TargetGroupInfo, 'Protocol' | 'ScheduleAlgorithm' | 'Weight'>,
  { AssociatedRule: RuleAnswer[] | null; HealthCheck: GroupHealthCheckAnswer | null }
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

function groupAnswer(group: WorldTargetGroup, withRules: boolean, { account }: ActionContext): GroupAnswer {
  const { protocol } = group;
  const isLayer7 = protocol === 'HTTP' || protocol === 'HTTPS' || protocol === 'GRPC';
  const rules = rulesOfGroup(account, group.id);
  return {
    TargetGroupId: group.id,
    VpcId: group.vpcId,
    TargetGroupName: group.name,
    Port: group.port,
    CreatedTime: cloudTime(group.createdAt),
    UpdatedTime: cloudTime(group.modifiedAt),
    AssociatedRule: withRules ? rules.map(ruleAnswer) : null,
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

function found(
  { TargetGroupIds: ids = [], Filters: filters = [] }: DescribeTargetGroupsRequest,
  { account, region }: ActionContext,
): WorldTargetGroup[] {
  const all = Object.values(account.targetGroups).filter((group) => group.region === region);
  return ids.length > 0
    ? all.filter((group) => ids.includes(group.id))
    : all.filter((group) => filters.every((filter) => matches(group, filter)));
}

type Answer = { TargetGroupSet: GroupAnswer[] };
const limits = { fallback: 20, max: 100 };

/** DescribeTargetGroups of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. */
export const describeTargetGroups = action<'clb.DescribeTargetGroups', Answer>((request, context) => {
  if (request.TargetGroupIds?.length && request.Filters?.length) {
    throw new ApiError(
      'InvalidParameter',
      'The parameters `TargetGroupIds` and `Filters` exclude each other.',
    );
  }
  const groups = found(request, context);
  return {
    TotalCount: groups.length,
    TargetGroupSet: page(groups, request, limits).map((group) => groupAnswer(group, true, context)),
  };
});

/** DescribeTargetGroupList of the same description: ids take precedence over filters, and rules are not shown. */
export const describeTargetGroupList = action<'clb.DescribeTargetGroupList', Answer>((request, context) => {
  const groups = found(request, context);
  return {
    TotalCount: groups.length,
    TargetGroupSet: page(groups, request, limits).map((group) => groupAnswer(group, false, context)),
  };
});
