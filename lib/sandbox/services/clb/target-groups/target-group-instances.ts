import type {
  TargetGroupBackend,
  TargetGroupInstanceStatus,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { rulesOfGroup } from '@/lib/sandbox/model/clb/rule-backends';
import { type TargetHealth, targetHealth } from '@/lib/sandbox/model/clb/target-health';
import { listRegionZones } from '@/lib/sandbox/model/region-table';
import { type ActionContext, action, type WithNull } from '@/lib/sandbox/services/action';
import { refuseTwice } from '@/lib/sandbox/services/clb/targets/target-input';
import { page } from '@/lib/sandbox/services/paging';
import { sameTarget, withoutTargets } from '@/lib/sandbox/tasks/effects/target-effects';
import type { WorldHealthCheck, WorldTarget, WorldTargetGroup } from '@/lib/sandbox/world/clb';
import { cloudTime } from '@/lib/sandbox/world/clock';
import {
  formatTargetAddress,
  type TargetAddress,
  targetAddress,
  targetIdentity,
} from '@/lib/sandbox/world/target-address';
import type { TargetChange, TargetGroupEffect } from '../../../world/effect';
import { quotas } from '../find/quotas';
import {
  findGroup,
  listBalancers,
  newGroupTargets,
  presentGroupTargets,
  refuseBusy,
} from './target-group-input';

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
export const describeTargetGroupInstances = action<'clb.DescribeTargetGroupInstances'>((request, context) => {
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

/**
 * Starts a task on a group and on the load balancers that forward to it.
 * @throws ApiError if one is busy
 */
function start(group: WorldTargetGroup, effect: TargetGroupEffect, context: ActionContext): void {
  refuseBusy([group.id], context);
  context.startTask(listBalancers(group, context), effect);
}

function refuseDouble(targets: readonly TargetAddress[], present: readonly WorldTarget[]): void {
  const double = targets.find((target) => present.some((have) => sameTarget(have, target)));
  if (!double) return;
  throw new ApiError(
    'InvalidParameterValue.Duplicate',
    `The target ${formatTargetAddress(double)} is registered already.`,
  );
}

/**
 * RegisterTargetGroupInstances of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. A
 * group has the same server limit as a rule (assumption).
 */
export const registerTargetGroupInstances = action<'clb.RegisterTargetGroupInstances'>((request, context) => {
  const group = findGroup(context, request.TargetGroupId);
  const targets = newGroupTargets(request.TargetGroupInstances, group, context);
  refuseDouble(targets, group.targets);
  if (group.targets.length + targets.length > quotas.targetsPerRule) {
    throw new ApiError('LimitExceeded', `${group.id} takes at most ${quotas.targetsPerRule} servers.`);
  }
  start(group, { kind: 'registerGroupTargets', groupId: group.id, at: context.now, targets }, context);
  return {};
});

/** DeregisterTargetGroupInstances of the same description. */
export const deregisterTargetGroupInstances = action<'clb.DeregisterTargetGroupInstances'>(
  (request, context) => {
    const group = findGroup(context, request.TargetGroupId);
    const targets = presentGroupTargets(request.TargetGroupInstances, group, context);
    start(group, { kind: 'deregisterGroupTargets', groupId: group.id, at: context.now, targets }, context);
    return {};
  },
);

/** ModifyTargetGroupInstancesWeight of the same description. */
export const modifyTargetGroupInstancesWeight = action<'clb.ModifyTargetGroupInstancesWeight'>(
  (request, context) => {
    const group = findGroup(context, request.TargetGroupId);
    const keys = presentGroupTargets(request.TargetGroupInstances, group, context);
    const changes = keys.map((key, index): TargetChange => {
      const weight = request.TargetGroupInstances[index]?.Weight;
      if (weight === undefined)
        throw missingParameter(`The target ${formatTargetAddress(key)} needs \`Weight\`.`);
      return { ...key, to: { weight } };
    });
    start(group, { kind: 'changeGroupTargets', groupId: group.id, at: context.now, changes }, context);
    return {};
  },
);

/** ModifyTargetGroupInstancesPort of the same description. The health check of the new port starts over. */
export const modifyTargetGroupInstancesPort = action<'clb.ModifyTargetGroupInstancesPort'>(
  (request, context) => {
    const group = findGroup(context, request.TargetGroupId);
    if (group.fullListen) {
      throw invalidValue('Targets of a full-listening group have no port of their own.');
    }
    const keys = presentGroupTargets(request.TargetGroupInstances, group, context);
    const moved = keys.map((key, index): TargetAddress => {
      const port = request.TargetGroupInstances[index]?.NewPort;
      if (port === undefined)
        throw missingParameter(`The target ${formatTargetAddress(key)} needs \`NewPort\`.`);
      return { ...key, port };
    });
    refuseTwice('TargetGroupInstances', moved);
    refuseDouble(moved, withoutTargets(group.targets, keys));
    const changes = keys.map((key, index): TargetChange => {
      const port = moved[index]?.port ?? key.port;
      return { ...key, to: { port, registeredAt: context.now } };
    });
    start(group, { kind: 'changeGroupTargets', groupId: group.id, at: context.now, changes }, context);
    return {};
  },
);
