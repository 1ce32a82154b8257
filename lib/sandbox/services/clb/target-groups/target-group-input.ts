import type { TargetGroupInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import type { ActionContext } from '@/lib/sandbox/services/action';
import { defaultWeight, refuseTwice } from '@/lib/sandbox/services/clb/targets/target-input';
import type { WorldTarget, WorldTargetGroup } from '@/lib/sandbox/world/clb';
import type { TargetAddress } from '@/lib/sandbox/world/effect';
import { addressOwner } from '@/lib/sandbox/world/target-address';
import { grpcCodes, visibleText } from '../listeners/listener-values';

/** The public API description, the source of all of these. */
const source =
  'https://github.com/TencentCloud/tencentcloud-cli/blob/master/tccli/services/clb/v20180317/api.json';
const code = 'InvalidParameterValue';

const range = (field: string, min: number, max: number): ValueRule => ({
  field,
  range: [min, max],
  source,
  code,
});
/** 0 means unset: the Terraform provider sends it for a group without a port. */
const port = (field: string): ValueRule => ({ ...range(field, 1, 65_535), also: 0 });
const items = (field: string, min: number, max: number): ValueRule => ({ field, items: [min, max], source });

/** The value rules of the actions on target groups. */
export const targetGroupValues: ValueRules = {
  CreateTargetGroup: [
    { field: 'TargetGroupName', length: [1, 80], source },
    {
      field: 'TargetGroupName',
      pattern: /^[\p{L}\p{M}\p{N}\p{P}\p{Zs}]+$/u,
      hint: 'hold letters, digits, "-", "_" and common characters, and no emoji',
      source,
    },
    port('Port'),
    { field: 'ScheduleAlgorithm', oneOf: ['WRR', 'LEAST_CONN', 'IP_HASH'], source },
    range('Weight', 0, 100),
    { field: 'SessionExpireTime', range: [30, 3600], also: 0, source, code },
    range('HealthCheck.Timeout', 2, 30),
    range('HealthCheck.GapTime', 2, 300),
    range('HealthCheck.GoodLimit', 2, 10),
    range('HealthCheck.BadLimit', 2, 10),
    range('HealthCheck.Port', 1, 65_535),
    range('HealthCheck.HttpCode', 1, 31),
    { field: 'HealthCheck.HttpCheckMethod', oneOf: ['HEAD', 'GET'], ignoreCase: true, source },
    { field: 'HealthCheck.HttpVersion', oneOf: ['HTTP/1.0', 'HTTP/1.1'], source },
    { field: 'HealthCheck.ContextType', oneOf: ['HEX', 'TEXT'], source },
    { field: 'HealthCheck.SendContext', length: [1, 500], source },
    { field: 'HealthCheck.SendContext', ...visibleText, source },
    { field: 'HealthCheck.RecvContext', length: [1, 500], source },
    { field: 'HealthCheck.RecvContext', ...visibleText, source },
    { field: 'HealthCheck.ExtendedCode', ...grpcCodes, source },
    { field: 'Type', oneOf: ['v1', 'v2'], source },
    { field: 'Protocol', oneOf: ['TCP', 'UDP', 'HTTP', 'HTTPS', 'GRPC'], source },
    { field: 'IpVersion', oneOf: ['IPv4'], ignoreCase: true, source },
    items('TargetGroupInstances', 0, 50),
    port('TargetGroupInstances[].Port'),
    range('TargetGroupInstances[].Weight', 0, 100),
  ],
  DescribeTargetGroups: [
    {
      field: 'Filters',
      filters: ['TargetGroupVpcId', 'TargetGroupName', 'Tag'],
      most: 10,
      mostValues: 100,
      source,
    },
  ],
  AssociateTargetGroups: [items('Associations', 1, 20), range('Associations[].Weight', 0, 100)],
  DisassociateTargetGroups: [items('Associations', 1, 20), range('Associations[].Weight', 0, 100)],
  DeleteTargetGroups: [items('TargetGroupIds', 1, 20)],
};

/** Returns the account's target group in the region. @throws ApiError InvalidParameterValue (assumption) */
export function findGroup(context: ActionContext, id: string): WorldTargetGroup {
  const found = entry(context.account.targetGroups, id);
  if (found?.region === context.region) return found;
  throw invalidValue(`The target group ${id} does not exist in ${context.region}.`);
}

/**
 * Refuses a busy group: only one task at a time works on a group. Code and message are the cloud's own, as in
 * https://github.com/tencentcloudstack/terraform-provider-tencentcloud/issues/2924.
 * @throws ApiError FailedOperation.ResourceInOperating
 */
export function refuseBusy(groupIds: readonly string[], { account }: ActionContext): void {
  const busy = Object.values(account.tasks).find(
    ({ effect, outcome }) =>
      outcome === 'running' &&
      'associations' in effect &&
      effect.associations.some(({ groupId }) => groupIds.includes(groupId)),
  );
  if (!busy) return;
  throw new ApiError(
    'FailedOperation.ResourceInOperating',
    `Your task is working (${busy.action}). Pls wait for the task to complete and try again.`,
  );
}

type GroupOf = Pick<WorldTargetGroup, 'fullListen' | 'port' | 'region' | 'type' | 'vpcId' | 'weight'>;

/** Returns an address and port of a group's VPC; without a port in the request it is the group's. @throws ApiError */
function toTargetKey(input: TargetGroupInstance, group: GroupOf, { account }: ActionContext): TargetAddress {
  const owner = addressOwner(account, group.region, input.BindIP);
  if (owner?.instance.vpcId !== group.vpcId) {
    throw invalidValue(`There is no server ${input.BindIP} in the VPC ${group.vpcId}.`);
  }
  const { instance, eniIp } = owner;
  const address = { instanceId: instance.id, ...(eniIp !== undefined && { eniIp }) };
  if (group.fullListen) {
    if (!input.Port) return { ...address, port: 0 };
    throw invalidValue('Targets of a full-listening group take no `Port`.');
  }
  const port = input.Port || group.port;
  if (port === 0) {
    throw missingParameter(`The target ${input.BindIP} needs \`Port\`: its group has none.`);
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
      throw missingParameter(`The target ${input.BindIP} needs \`Weight\`: its group has none.`);
    }
    return { ...toTargetKey(input, group, context), weight, registeredAt: context.now };
  });
  refuseTwice('TargetGroupInstances', targets);
  return targets;
}
