import type { CreateTargetGroupRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { rulesOfGroup } from '@/lib/sandbox/model/clb/rule-backends';
import { entry } from '@/lib/sandbox/model/entry';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import type { WorldTargetGroup } from '@/lib/sandbox/world/clb';
import { cloudId } from '@/lib/sandbox/world/ids';
import { toGroupHealthCheck } from './target-group-health-check';
import { findGroup, newGroupTargets, refuseBusy } from './target-group-input';

type Protocol = NonNullable<WorldTargetGroup['protocol']>;
const protocols: readonly Protocol[] = ['TCP', 'UDP', 'HTTP', 'HTTPS', 'GRPC'];

function refuse(message: string): never {
  throw invalidValue(message);
}

function resolveVpc(id: string | undefined, { account, region }: ActionContext): string {
  const named =
    id === undefined
      ? Object.values(account.vpcs).find((vpc) => vpc.region === region && vpc.isDefault)
      : entry(account.vpcs, id);
  if (named?.region === region) return named.id;
  return refuse(
    id === undefined
      ? `The parameter \`VpcId\` is needed: there is no default VPC in ${region}.`
      : `The VPC ${id} does not exist in ${region}.`,
  );
}

type Settings = Pick<
  WorldTargetGroup,
  'keepalive' | 'port' | 'protocol' | 'scheduler' | 'sessionExpireS' | 'snat' | 'weight'
> &
  Pick<WorldTargetGroup, 'fullListen' | 'type'>;

/**
 * Returns the settings of a group, whose fields depend on its kind: the type TargetGroup… of the public API
 * description. @throws ApiError
 */
function toGroupSettings(
  input: CreateTargetGroupRequest,
  kind: Pick<Settings, 'fullListen' | 'protocol' | 'type'>,
): Settings {
  const { type, protocol, fullListen } = kind;
  const isLayer7 = protocol === 'HTTP' || protocol === 'HTTPS' || protocol === 'GRPC';
  if (type === 'v1' && input.Weight !== undefined) refuse('A v1 target group takes no `Weight`.');
  if (type === 'v1' && input.HealthCheck)
    refuse('A v1 target group takes no `HealthCheck`: its rules have one.');
  if (fullListen && input.Port) refuse('A full-listening target group takes no `Port`.');
  if (input.ScheduleAlgorithm !== undefined && !isLayer7) {
    refuse('The parameter `ScheduleAlgorithm` needs a v2 target group of HTTP, HTTPS or GRPC.');
  }
  if ((input.SessionExpireTime ?? 0) > 0 && !isLayer7) {
    refuse('The parameter `SessionExpireTime` needs a v2 target group of HTTP, HTTPS or GRPC.');
  }
  if (input.SessionExpireTime !== undefined && input.SessionExpireTime > 0 && input.SessionExpireTime < 30) {
    refuse('The parameter `SessionExpireTime` must be 0 or between 30 and 3600.');
  }
  if (input.KeepaliveEnable && protocol !== 'HTTP' && protocol !== 'HTTPS') {
    refuse('The parameter `KeepaliveEnable` needs a v2 target group of HTTP or HTTPS.');
  }
  const scheduler = (['WRR', 'LEAST_CONN', 'IP_HASH'] as const).find(
    (each) => each === input.ScheduleAlgorithm,
  );
  return {
    ...kind,
    port: input.Port ?? 0,
    weight: input.Weight ?? null,
    scheduler: scheduler ?? 'WRR',
    keepalive: input.KeepaliveEnable ?? false,
    sessionExpireS: input.SessionExpireTime ?? 0,
    snat: input.SnatEnable ?? false,
  };
}

/** Returns the type and protocol of a new group. @throws ApiError */
function getGroupKind(request: CreateTargetGroupRequest): Pick<Settings, 'fullListen' | 'protocol' | 'type'> {
  const { Type: type = 'v1', Protocol: given, FullListenSwitch: fullListen = false } = request;
  const protocol = protocols.find((each) => each === given);
  if (type === 'v1') {
    if (given !== undefined) refuse('A v1 target group takes no `Protocol`.');
    if (fullListen) refuse('A v1 target group takes no `FullListenSwitch`.');
    return { type, protocol: null, fullListen };
  }
  if (!protocol) throw missingParameter('A v2 target group needs a required parameter `Protocol`.');
  return { type: 'v2', protocol, fullListen };
}

/**
 * CreateTargetGroup of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. The group
 * exists at once; all its servers are in its VPC and are reached by IPv4.
 */
export const createTargetGroup = action<'clb.CreateTargetGroup'>((request, context) => {
  const kind = getGroupKind(request);
  const settings = toGroupSettings(request, kind);
  const vpcId = resolveVpc(request.VpcId, context);
  const { protocol } = kind;
  const healthCheck = protocol && toGroupHealthCheck(request.HealthCheck, protocol);
  const at = { ...settings, region: context.region, vpcId };
  const targets = newGroupTargets(request.TargetGroupInstances ?? [], at, context);
  const id = cloudId('lbtg', context.nextId());
  context.account.targetGroups[id] = {
    ...at,
    id,
    name: request.TargetGroupName ?? id,
    healthCheck,
    tags: Object.fromEntries((request.Tags ?? []).map((tag) => [tag.TagKey, tag.TagValue])),
    createdAt: context.now,
    targets,
  };
  context.applied(id);
  return { TargetGroupId: id };
});

/** DeleteTargetGroups of the same description. All or none; a group that a rule forwards to is refused. */
export const deleteTargetGroups = action<'clb.DeleteTargetGroups'>((request, context) => {
  const groups = [...new Set(request.TargetGroupIds)].map((id) => findGroup(context, id));
  for (const group of groups) {
    const [used] = rulesOfGroup(context.account, group.id);
    if (used) {
      throw new ApiError(
        'FailedOperation',
        `The target group ${group.id} is associated with ${(used.rule ?? used.listener).id} of ${used.loadBalancer.id}.`,
      );
    }
  }
  refuseBusy(
    groups.map((group) => group.id),
    context,
  );
  for (const group of groups) {
    delete context.account.targetGroups[group.id];
    context.applied(group.id);
  }
  return {};
});
