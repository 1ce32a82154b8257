import type {
  DescribeTargetGroupInstanceStatusRequest,
  DescribeTargetGroupInstanceStatusResponse,
  DescribeTargetGroupInstancesRequest,
  DescribeTargetGroupInstancesResponse,
  TargetGroupBackend,
  TargetGroupInstanceStatus,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { rulesOfGroup } from '@/lib/sandbox/model/clb/group-rules';
import { type TargetHealth, targetHealth } from '@/lib/sandbox/model/clb/target-health';
import { listRegionZones } from '@/lib/sandbox/model/region-table';
import { type ActionContext, action, type WithFields, type WithNull } from '@/lib/sandbox/services/action';
import { page } from '@/lib/sandbox/services/paging';
import type { WorldHealthCheck, WorldTarget, WorldTargetGroup } from '@/lib/sandbox/world/clb';
import { cloudTime } from '@/lib/sandbox/world/clock';
import { targetAddress, targetIdentity } from '@/lib/sandbox/world/target-address';
import { findGroup } from './target-group-input';

function targetAnswer(
  group: WorldTargetGroup,
  target: WorldTarget,
  { account, region }: ActionContext,
): TargetGroupBackend {
  const instance = account.instances[target.instanceId];
  const identity = targetIdentity(target, instance);
  const zone = listRegionZones(region, 'en').find((each) => each.code === instance?.zone);
  return {
    TargetGroupId: group.id,
    Type: identity.Type,
    InstanceId: identity.InstanceId,
    InstanceName: instance?.name ?? '',
    Port: target.port,
    Weight: target.weight,
    PublicIpAddresses: instance?.publicIps ?? [],
    PrivateIpAddresses: identity.addresses,
    RegisteredTime: cloudTime(target.registeredAt),
    EniId: identity.EniId ?? '',
    ZoneId: Number(zone?.id ?? 0),
  };
}

/** DescribeTargetGroupInstances of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. */
export const describeTargetGroupInstances = action<
  DescribeTargetGroupInstancesRequest,
  DescribeTargetGroupInstancesResponse
>((request, context) => {
  const { account, region } = context;
  const filterValues = (name: string) => request.Filters.find((filter) => filter.Name === name)?.Values;
  const passes = (name: string, value: string | undefined) =>
    filterValues(name)?.some((wanted) => wanted === value) ?? true;
  const all = Object.values(account.targetGroups)
    .filter((group) => group.region === region && passes('TargetGroupId', group.id))
    .flatMap((group) => group.targets.map((target) => ({ group, target })))
    .filter(({ target }) => passes('InstanceId', target.instanceId))
    .filter(({ target }) => passes('BindIP', targetAddress(target, account.instances[target.instanceId])));
  return {
    TotalCount: all.length,
    RealCount: all.length,
    TargetGroupInstanceSet: page(all, request, { fallback: 20, max: 100 }).map(({ group, target }) =>
      targetAnswer(group, target, context),
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
 * DescribeTargetGroupInstanceStatus of the same description, which says that it supports only groups of gateway load
 * balancers; an assumption decides whether others are refused.
 */
export const describeTargetGroupInstanceStatus = action<
  DescribeTargetGroupInstanceStatusRequest,
  WithFields<DescribeTargetGroupInstanceStatusResponse, { TargetGroupInstanceSet: StatusAnswer[] }>
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
