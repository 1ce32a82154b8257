import type { TargetGroupInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { rulesOfGroup } from '@/lib/sandbox/model/clb/group-rules';
import { entry } from '@/lib/sandbox/model/entry';
import type { ActionContext } from '@/lib/sandbox/services/action';
import { defaultWeight, refuseAbsent, refuseTwice } from '@/lib/sandbox/services/clb/targets/target-input';
import type { WorldLoadBalancer, WorldTarget, WorldTargetGroup } from '@/lib/sandbox/world/clb';
import { addressOwner, type TargetAddress } from '@/lib/sandbox/world/target-address';
import type { WorldTask } from '@/lib/sandbox/world/task';

/** Returns the account's target group in the region. @throws ApiError InvalidParameterValue (assumption) */
export function findGroup(context: ActionContext, id: string): WorldTargetGroup {
  const found = entry(context.account.targetGroups, id);
  if (found?.region === context.region) return found;
  throw new ApiError('InvalidParameterValue', `The target group ${id} does not exist in ${context.region}.`);
}

function listGroups({ effect }: WorldTask): string[] {
  if ('groupId' in effect) return [effect.groupId];
  return 'associations' in effect ? effect.associations.map((each) => each.groupId) : [];
}

/** The cloud's names for tasks in its refusals, where they differ from the action. */
const taskNames: Readonly<Record<string, string>> = { RegisterTargetGroupInstances: 'BindTargetGroupDevice' };

/**
 * Refuses a group that is busy: only one task at a time works on a group. Code and message are the cloud's own, as in
 * https://github.com/tencentcloudstack/terraform-provider-tencentcloud/issues/2924.
 * @throws ApiError FailedOperation.ResourceInOperating
 */
export function refuseBusy(groupIds: readonly string[], { account }: ActionContext): void {
  const busy = Object.values(account.tasks).find(
    (task) => task.outcome === 'running' && listGroups(task).some((id) => groupIds.includes(id)),
  );
  if (!busy) return;
  const name = taskNames[busy.action] ?? busy.action;
  throw new ApiError(
    'FailedOperation.ResourceInOperating',
    `Your task is working (${name}). Pls wait for the task to complete and try again.`,
  );
}

/** Returns the load balancers that forward to a group: a task on the group works on them too. */
export function listBalancers(group: WorldTargetGroup, { account }: ActionContext): WorldLoadBalancer[] {
  return [...new Set(rulesOfGroup(account, group.id).map(({ loadBalancer }) => loadBalancer))];
}

type GroupOf = Pick<WorldTargetGroup, 'fullListen' | 'port' | 'region' | 'type' | 'vpcId' | 'weight'>;

/** Returns an address and port of a group's VPC; without a port in the request it is the group's. @throws ApiError */
function toTargetKey(input: TargetGroupInstance, group: GroupOf, { account }: ActionContext): TargetAddress {
  const owner = addressOwner(account, group.region, input.BindIP);
  if (owner?.instance.vpcId !== group.vpcId) {
    throw new ApiError(
      'InvalidParameterValue',
      `There is no server ${input.BindIP} in the VPC ${group.vpcId}.`,
    );
  }
  const { instance, eniIp } = owner;
  const address = { instanceId: instance.id, ...(eniIp !== undefined && { eniIp }) };
  if (group.fullListen) {
    if (!input.Port) return { ...address, port: 0 };
    throw new ApiError('InvalidParameterValue', 'Targets of a full-listening group take no `Port`.');
  }
  const port = input.Port || group.port;
  if (port === 0) {
    throw new ApiError('MissingParameter', `The target ${input.BindIP} needs \`Port\`: its group has none.`);
  }
  return { ...address, port };
}

/** Returns new targets of a group: those of v2 need a weight, their own or the group's. @throws ApiError */
export function newGroupTargets(
  inputs: readonly TargetGroupInstance[],
  group: GroupOf,
  context: ActionContext,
): WorldTarget[] {
  const targets = inputs.map((input): WorldTarget => {
    const weight = input.Weight ?? (group.type === 'v2' ? group.weight : defaultWeight);
    if (weight === null) {
      throw new ApiError(
        'MissingParameter',
        `The target ${input.BindIP} needs \`Weight\`: its group has none.`,
      );
    }
    return { ...toTargetKey(input, group, context), weight, registeredAt: context.now };
  });
  refuseTwice('TargetGroupInstances', targets);
  return targets;
}

/** Returns targets of a group that a request names by address and port. @throws ApiError */
export function presentGroupTargets(
  inputs: readonly TargetGroupInstance[],
  group: WorldTargetGroup,
  context: ActionContext,
): TargetAddress[] {
  const without = inputs.find((input) => !input.Port);
  if (without && !group.fullListen) {
    throw new ApiError('MissingParameter', `The target ${without.BindIP} needs \`Port\`.`);
  }
  const keys = inputs.map((input) => toTargetKey(input, group, context));
  refuseTwice('TargetGroupInstances', keys);
  refuseAbsent(keys, group.targets);
  return keys;
}
