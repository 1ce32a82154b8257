import type {
  DeregisterTargetsRequest,
  DeregisterTargetsResponse,
  ModifyTargetPortRequest,
  ModifyTargetPortResponse,
  ModifyTargetWeightRequest,
  ModifyTargetWeightResponse,
  RegisterTargetsRequest,
  RegisterTargetsResponse,
  Target,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '../../api/api-error';
import type { Assumptions } from '../../assumptions';
import { sameTarget, type TargetChange, type TargetKey } from '../../tasks/effects/target-effects';
import type { WorldTarget } from '../../world/clb';
import { type ActionContext, action } from '../action';
import { quotas } from './quotas';
import {
  defaultWeight,
  findPlace,
  holderOf,
  refuseAbsent,
  refuseTwice,
  rulePlaceOf,
  type TargetPlace,
  targetKeyOf,
  textOf,
} from './target-input';

/**
 * Whether servers can join a place: not beside a function, not where target groups are, each once, at most 100.
 * @throws ApiError
 */
export function refuseNewTargets(
  place: TargetPlace,
  targets: readonly TargetKey[],
  assumptions: Assumptions,
): void {
  const { rule } = place;
  const holder = holderOf(place);
  if (rule && rule.functions.length > 0) {
    throw new ApiError(
      assumptions.get('binding.R17'),
      `The rule ${rule.id} is bound to a function and can't take servers.`,
    );
  }
  if (holder.targetType !== 'NODE') {
    throw new ApiError('InvalidParameterValue', `${holder.id} takes target groups, not servers.`);
  }
  const present = holder.targets;
  const double = targets.find((target) => present.some((have) => sameTarget(have, target)));
  if (double) {
    throw new ApiError(
      'InvalidParameterValue.Duplicate',
      `The target ${textOf(double)} is registered already.`,
    );
  }
  if (present.length + targets.length > quotas.targetsPerRule) {
    throw new ApiError('LimitExceeded', `${holder.id} takes at most ${quotas.targetsPerRule} servers.`);
  }
}

/** A target as it will stand in the world. */
export function newTarget(
  key: TargetKey,
  given: { Weight?: number; Tag?: string },
  { now }: ActionContext,
): WorldTarget {
  return {
    ...key,
    weight: given.Weight ?? defaultWeight,
    registeredAt: now,
    ...(given.Tag !== undefined && { tag: given.Tag }),
  };
}

/** RegisterTargets of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. Layer-4 listeners need no rule. */
export const registerTargets = action<RegisterTargetsRequest, RegisterTargetsResponse>((request, context) => {
  const place = findPlace(request, context);
  const targets = request.Targets.map((target) =>
    newTarget(targetKeyOf(target, place, context), target, context),
  );
  refuseTwice('Targets', targets);
  refuseNewTargets(place, targets, context.assumptions);
  context.startTask(place.loadBalancer, { kind: 'registerTargets', ...rulePlaceOf(place), targets });
  return {};
});

/** The registered targets that a request names, in its order. @throws ApiError */
function presentTargets(targets: readonly Target[], place: TargetPlace, context: ActionContext): TargetKey[] {
  const keys = targets.map((target) => targetKeyOf(target, place, context));
  refuseTwice('Targets', keys);
  refuseAbsent(keys, holderOf(place).targets);
  return keys;
}

/** DeregisterTargets of the same description. A target that isn't there: InvalidParameterValue (assumption). */
export const deregisterTargets = action<DeregisterTargetsRequest, DeregisterTargetsResponse>(
  (request, context) => {
    const place = findPlace(request, context);
    const targets = presentTargets(request.Targets, place, context);
    context.startTask(place.loadBalancer, { kind: 'deregisterTargets', ...rulePlaceOf(place), targets });
    return {};
  },
);

/** ModifyTargetWeight of the same description. The weight of a target goes before the one of the call. */
export const modifyTargetWeight = action<ModifyTargetWeightRequest, ModifyTargetWeightResponse>(
  (request, context) => {
    const place = findPlace(request, context);
    const keys = presentTargets(request.Targets, place, context);
    const changes: TargetChange[] = keys.map((key, index) => ({
      ...key,
      to: { weight: request.Targets[index]?.Weight ?? request.Weight ?? defaultWeight },
    }));
    context.startTask(place.loadBalancer, { kind: 'changeTargets', ...rulePlaceOf(place), changes });
    return {};
  },
);

/**
 * ModifyTargetPort of the same description. The health check of the new port begins anew.
 * Two servers on one port are one target, so a port that a server has already is a double (assumption).
 */
export const modifyTargetPort = action<ModifyTargetPortRequest, ModifyTargetPortResponse>(
  (request, context) => {
    const place = findPlace(request, context);
    const keys = presentTargets(request.Targets, place, context);
    const moved = keys.map((key) => ({ ...key, port: request.NewPort }));
    refuseTwice('Targets', moved);
    const staying = holderOf(place).targets.filter((have) => !keys.some((key) => sameTarget(have, key)));
    const taken = moved.find((key) => staying.some((have) => sameTarget(have, key)));
    if (taken) {
      throw new ApiError(
        'InvalidParameterValue.Duplicate',
        `The target ${textOf(taken)} is registered already.`,
      );
    }
    const to = { port: request.NewPort, registeredAt: context.now };
    const changes = keys.map((key) => ({ ...key, to }));
    context.startTask(place.loadBalancer, { kind: 'changeTargets', ...rulePlaceOf(place), changes });
    return {};
  },
);
