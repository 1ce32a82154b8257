import type { TargetGroupAssociation } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import { isHttpListener } from '@/lib/sandbox/services/clb/find/find-objects';
import {
  defaultWeight,
  findPlace,
  getTargetHolder,
  type TargetPlace,
  toRulePlace,
} from '@/lib/sandbox/services/clb/targets/target-input';
import type { WorldTargetGroup } from '@/lib/sandbox/world/clb';
import type { Association } from '../../../world/effect';
import { findGroup, refuseBusy } from './target-group-input';

type Wanted = { readonly place: TargetPlace; readonly group: WorldTargetGroup; readonly weight: number };

/**
 * Returns the object that the request names; on layer 7 a rule by its id.
 * @throws ApiError
 */
function resolveWanted(given: TargetGroupAssociation, context: ActionContext): Wanted {
  const { LoadBalancerId: id, ListenerId: listenerId, LocationId: locationId } = given;
  if (listenerId === undefined) {
    throw missingParameter('The request is missing a required parameter `Associations.ListenerId`.');
  }
  const group = findGroup(context, given.TargetGroupId);
  const address = { LoadBalancerId: id, ListenerId: listenerId };
  const place = findPlace(
    { ...address, ...(locationId !== undefined && { LocationId: locationId }) },
    context,
  );
  return { place, group, weight: given.Weight ?? defaultWeight };
}

function refuse(message: string): never {
  throw invalidValue(message);
}

const listenersOf: Readonly<Record<NonNullable<WorldTargetGroup['protocol']>, readonly string[]>> = {
  TCP: ['TCP', 'TCP_SSL'],
  UDP: ['UDP', 'QUIC'],
  HTTP: ['HTTP', 'HTTPS'],
  HTTPS: ['HTTP', 'HTTPS'],
  GRPC: ['HTTPS'],
};

/** Refuses a group that does not fit the place and its present targets: VPC, kind, protocol. @throws ApiError */
function refuseMismatch({ place, group }: Wanted): void {
  const { loadBalancer, listener, rule } = place;
  const holder = getTargetHolder(place);
  const vpcId = loadBalancer.targetRegion?.vpcId ?? loadBalancer.vpcId;
  if (!loadBalancer.snatPro && group.vpcId !== vpcId) {
    refuse(
      `The target group ${group.id} is in the VPC ${group.vpcId}, the targets of ${loadBalancer.id} are in ${vpcId}.`,
    );
  }
  // The cloud's own message: https://github.com/tencentcloudstack/terraform-provider-tencentcloud/issues/2736
  if (group.type === 'v1' && !isHttpListener(listener) && holder.targetType !== 'TARGETGROUP') {
    throw new ApiError('FailedOperation', `listenerId ${listener.id} not in targetgroup mode`);
  }
  if (group.protocol && !listenersOf[group.protocol].includes(listener.protocol)) {
    refuse(
      `The target group ${group.id} is of ${group.protocol} and does not go with the ${listener.protocol} listener ${listener.id}.`,
    );
  }
  if (group.fullListen && listener.endPort === null) {
    refuse(
      `The full-listening target group ${group.id} needs a listener of a port range, which ${listener.id} is not.`,
    );
  }
  const kind = group.type === 'v2' ? 'TARGETGROUP-V2' : 'TARGETGROUP';
  if (holder.targetType !== 'NODE' && holder.targetType !== kind) {
    refuse(`${holder.id} takes target groups of the kind ${holder.targetType}.`);
  }
  if (holder.targets.length > 0) refuse(`${holder.id} has servers of its own; deregister them first.`);
  if (rule && rule.functions.length > 0) refuse(`The rule ${rule.id} is bound to a function.`);
  if (rule?.redirectTo) refuse(`The rule ${rule.id} redirects to ${rule.redirectTo.ruleId}.`);
}

/**
 * Refuses duplicate associations. @throws ApiError InvalidParameterValue.Duplicate, and LimitExceeded for a second v1
 * group
 */
function refuseCrowd(wanted: readonly Wanted[]): void {
  for (const [index, { place, group }] of wanted.entries()) {
    const holder = getTargetHolder(place);
    const earlier = wanted.slice(0, index).filter((other) => getTargetHolder(other.place) === holder);
    const present = [
      ...holder.targetGroups.map((use) => use.groupId),
      ...earlier.map((other) => other.group.id),
    ];
    if (present.includes(group.id)) {
      throw new ApiError(
        'InvalidParameterValue.Duplicate',
        `The target group ${group.id} is associated with ${holder.id} already.`,
      );
    }
    if (group.type === 'v1' && present.length > 0) {
      throw new ApiError('LimitExceeded', `${holder.id} takes one v1 target group; it has ${present[0]}.`);
    }
  }
}

const toAssociation = ({ place, group, weight }: Wanted): Association => ({
  ...toRulePlace(place),
  groupId: group.id,
  weight,
});

/**
 * AssociateTargetGroups of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json: one task
 * over all the load balancers in the request. Groups of one call are of one type.
 */
export const associateTargetGroups = action<'clb.AssociateTargetGroups'>((request, context) => {
  const wanted = request.Associations.map((given) => resolveWanted(given, context));
  const [first] = wanted;
  const other = wanted.find(({ group }) => group.type !== first?.group.type);
  if (other) refuse(`The parameter \`Associations\` mixes types; ${other.group.id} is ${other.group.type}.`);
  for (const each of wanted) refuseMismatch(each);
  refuseCrowd(wanted);
  startTask(wanted, 'associateGroups', context);
  return {};
});

/** DisassociateTargetGroups of the same description. */
export const disassociateTargetGroups = action<'clb.DisassociateTargetGroups'>((request, context) => {
  const wanted = request.Associations.map((given) => resolveWanted(given, context));
  for (const { place, group } of wanted) {
    const holder = getTargetHolder(place);
    if (!holder.targetGroups.some((use) => use.groupId === group.id)) {
      refuse(`The target group ${group.id} is not associated with ${holder.id}.`);
    }
  }
  startTask(wanted, 'disassociateGroups', context);
  return {};
});

function startTask(
  wanted: readonly Wanted[],
  kind: 'associateGroups' | 'disassociateGroups',
  context: ActionContext,
): void {
  refuseBusy(
    wanted.map(({ group }) => group.id),
    context,
  );
  const balancers = [...new Set(wanted.map(({ place }) => place.loadBalancer))];
  const associations = wanted.map(toAssociation);
  const stays = context.assumptions.get('targetGroup.leftRule') === 'kept';
  context.startTask(
    balancers,
    kind === 'associateGroups'
      ? { kind, associations }
      : { kind, associations, emptyType: stays ? null : 'NODE' },
  );
}
