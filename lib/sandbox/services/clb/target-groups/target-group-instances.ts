import type {
  DeregisterTargetGroupInstancesRequest,
  DeregisterTargetGroupInstancesResponse,
  ModifyTargetGroupInstancesPortRequest,
  ModifyTargetGroupInstancesPortResponse,
  ModifyTargetGroupInstancesWeightRequest,
  ModifyTargetGroupInstancesWeightResponse,
  RegisterTargetGroupInstancesRequest,
  RegisterTargetGroupInstancesResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import { quotas } from '@/lib/sandbox/services/clb/find/quotas';
import { refuseTwice } from '@/lib/sandbox/services/clb/targets/target-input';
import { sameTarget, withoutTargets } from '@/lib/sandbox/tasks/effects/target-effects';
import type { WorldTarget, WorldTargetGroup } from '@/lib/sandbox/world/clb';
import { formatTargetAddress, type TargetAddress } from '@/lib/sandbox/world/target-address';
import type { TargetChange, TargetGroupEffect } from '../../../world/effect';
import {
  findGroup,
  listBalancers,
  newGroupTargets,
  presentGroupTargets,
  refuseBusy,
} from './target-group-input';

/** Starts a task on a group and on the load balancers that forward to it. @throws ApiError when one is busy */
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
export const registerTargetGroupInstances = action<
  RegisterTargetGroupInstancesRequest,
  RegisterTargetGroupInstancesResponse
>((request, context) => {
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
export const deregisterTargetGroupInstances = action<
  DeregisterTargetGroupInstancesRequest,
  DeregisterTargetGroupInstancesResponse
>((request, context) => {
  const group = findGroup(context, request.TargetGroupId);
  const targets = presentGroupTargets(request.TargetGroupInstances, group, context);
  start(group, { kind: 'deregisterGroupTargets', groupId: group.id, at: context.now, targets }, context);
  return {};
});

/** ModifyTargetGroupInstancesWeight of the same description. */
export const modifyTargetGroupInstancesWeight = action<
  ModifyTargetGroupInstancesWeightRequest,
  ModifyTargetGroupInstancesWeightResponse
>((request, context) => {
  const group = findGroup(context, request.TargetGroupId);
  const keys = presentGroupTargets(request.TargetGroupInstances, group, context);
  const changes = keys.map((key, index): TargetChange => {
    const weight = request.TargetGroupInstances[index]?.Weight;
    if (weight === undefined)
      throw new ApiError('MissingParameter', `The target ${formatTargetAddress(key)} needs \`Weight\`.`);
    return { ...key, to: { weight } };
  });
  start(group, { kind: 'changeGroupTargets', groupId: group.id, at: context.now, changes }, context);
  return {};
});

/** ModifyTargetGroupInstancesPort of the same description. The health check of the new port starts over. */
export const modifyTargetGroupInstancesPort = action<
  ModifyTargetGroupInstancesPortRequest,
  ModifyTargetGroupInstancesPortResponse
>((request, context) => {
  const group = findGroup(context, request.TargetGroupId);
  if (group.fullListen) {
    throw new ApiError(
      'InvalidParameterValue',
      'Targets of a full-listening group have no port of their own.',
    );
  }
  const keys = presentGroupTargets(request.TargetGroupInstances, group, context);
  const moved = keys.map((key, index): TargetAddress => {
    const port = request.TargetGroupInstances[index]?.NewPort;
    if (port === undefined)
      throw new ApiError('MissingParameter', `The target ${formatTargetAddress(key)} needs \`NewPort\`.`);
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
});
