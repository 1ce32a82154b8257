import { ApiError, invalidValue } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import { sameTarget } from '@/lib/sandbox/tasks/effects/target-effects';
import type { WorldTarget } from '@/lib/sandbox/world/clb';
import type { TargetAddress, TargetChange } from '@/lib/sandbox/world/effect';
import { formatTargetAddress } from '@/lib/sandbox/world/target-address';
import { quotas } from '../find/quotas';
import {
  defaultWeight,
  findPlace,
  getTargetHolder,
  refuseAbsent,
  refuseOtherVpc,
  refuseTwice,
  type TargetPlace,
  toRulePlace,
  toTargetKey,
} from './target-input';

/** A target as given in a request. */
type GivenTarget = { InstanceId?: string; EniIp?: string; Port: number; Weight?: number; Tag?: string };

function newTarget(given: GivenTarget, place: TargetPlace, context: ActionContext): WorldTarget {
  const key = toTargetKey(given, place, context);
  refuseOtherVpc(key, place, context);
  return {
    ...key,
    weight: given.Weight ?? defaultWeight,
    registeredAt: context.now,
    ...(given.Tag !== undefined && { tag: given.Tag }),
  };
}

/**
 * Returns the servers to register at a place: not together with a function or with target groups, each once, at most
 * 100.
 * @throws ApiError
 */
function joiningTargets(
  given: readonly GivenTarget[],
  place: TargetPlace,
  context: ActionContext,
): WorldTarget[] {
  const { rule } = place;
  const holder = getTargetHolder(place);
  if (rule && rule.functions.length > 0) {
    throw new ApiError(
      context.assumptions.get('binding.R17'),
      `The rule ${rule.id} is bound to a function and can't take servers.`,
    );
  }
  if (holder.targetType !== 'NODE') {
    throw invalidValue(`${holder.id} takes target groups, not servers.`);
  }
  const targets = given.map((each) => newTarget(each, place, context));
  refuseTwice('Targets', targets);
  const isNew = (target: TargetAddress) => !holder.targets.some((have) => sameTarget(have, target));
  const joining = targets.filter(isNew);
  const double = targets.find((target) => !isNew(target));
  if (double && context.assumptions.get('targets.registeredAgain') === 'refused') {
    throw new ApiError(
      'InvalidParameterValue.Duplicate',
      `The target ${formatTargetAddress(double)} is registered already.`,
    );
  }
  if (holder.targets.length + joining.length > quotas.targetsPerRule) {
    throw new ApiError('LimitExceeded', `${holder.id} takes at most ${quotas.targetsPerRule} servers.`);
  }
  return joining;
}

/** Returns the servers to deregister from a place. @throws ApiError */
function leavingTargets(
  given: readonly GivenTarget[],
  place: TargetPlace,
  context: ActionContext,
): TargetAddress[] {
  const keys = given.map((each) => toTargetKey(each, place, context));
  refuseTwice('Targets', keys);
  const { targets: present } = getTargetHolder(place);
  if (context.assumptions.get('targets.deregisteredAbsent') === 'refused') refuseAbsent(keys, present);
  return keys;
}

/**
 * RegisterTargets of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. Layer-4 listeners
 * need no rule.
 */
export const registerTargetsAction = action<'clb.RegisterTargets'>((request, context) => {
  const place = findPlace(request, context);
  const targets = joiningTargets(request.Targets, place, context);
  context.startTask(place.loadBalancer, { kind: 'registerTargets', ...toRulePlace(place), targets });
  return {};
});

/** DeregisterTargets of the same description. */
export const deregisterTargetsAction = action<'clb.DeregisterTargets'>((request, context) => {
  const place = findPlace(request, context);
  const targets = leavingTargets(request.Targets, place, context);
  context.startTask(place.loadBalancer, { kind: 'deregisterTargets', ...toRulePlace(place), targets });
  return {};
});

/** ModifyTargetWeight of the same description. The weight of a target overrides that of the call. */
export const modifyTargetWeight = action<'clb.ModifyTargetWeight'>((request, context) => {
  const place = findPlace(request, context);
  const keys = request.Targets.map((target) => toTargetKey(target, place, context));
  refuseTwice('Targets', keys);
  refuseAbsent(keys, getTargetHolder(place).targets);
  const changes: TargetChange[] = keys.map((key, index) => ({
    ...key,
    weight: request.Targets[index]?.Weight ?? request.Weight ?? defaultWeight,
  }));
  context.startTask(place.loadBalancer, { kind: 'changeTargets', ...toRulePlace(place), changes });
  return {};
});
