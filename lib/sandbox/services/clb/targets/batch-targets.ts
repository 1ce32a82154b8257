import type { BatchTarget } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import { findCurrentLoadBalancer } from '@/lib/sandbox/services/clb/find/find-objects';
import type { WorldLoadBalancer } from '@/lib/sandbox/world/clb';
import type { TargetEffect } from '../../../world/effect';
import {
  defaultWeight,
  getTargetHolder,
  isInClassicNetwork,
  placeIn,
  refuseAbsent,
  refuseTwice,
  type TargetPlace,
  toRulePlace,
  toTargetKey,
} from './target-input';
import { joiningTargets, leavingTargets } from './targets';

type BatchEffect = Extract<TargetEffect, { kind: 'batchTargets' }>['effects'][number];

/**
 * The maximum of targets over all items of one BatchModifyTargetWeight: github.com/TencentCloud/tencentcloud-cli,
 * tccli/services/clb/v20180317/api.json.
 */
const batchMax = 500;

type Group = { readonly place: TargetPlace; readonly targets: BatchTarget[] };

/**
 * Groups the targets by the place they name, in the order of the request. @throws ApiError for a place that doesn't
 * exist
 */
function groupTargets(targets: readonly BatchTarget[], loadBalancer: WorldLoadBalancer): Group[] {
  const groups = new Map<string, Group>();
  for (const target of targets) {
    const place = placeIn(loadBalancer, target);
    const { id } = getTargetHolder(place);
    const group = groups.get(id) ?? { place, targets: [] };
    group.targets.push(target);
    groups.set(id, group);
  }
  return [...groups.values()];
}

/**
 * Runs a batch. The whole call fails if a listener or rule is unknown. If one target of a listener is refused, only
 * that listener fails and is named in the response; the others continue. The failure of a whole listener follows from
 * the response's field; the rest is undocumented, so an assumption.
 */
function runBatch(
  request: { LoadBalancerId: string; Targets: BatchTarget[] },
  context: ActionContext,
  effectOf: (group: Group) => BatchEffect,
): { FailListenerIdSet: string[]; Message: string } {
  const loadBalancer = findCurrentLoadBalancer(context, request.LoadBalancerId);
  if (isInClassicNetwork(loadBalancer)) {
    throw invalidValue(`The load balancer ${loadBalancer.id} is in no VPC.`);
  }
  const failed = new Map<string, string>();
  const effects = new Map<string, BatchEffect[]>();
  for (const group of groupTargets(request.Targets, loadBalancer)) {
    const { id } = group.place.listener;
    try {
      effects.set(id, [...(effects.get(id) ?? []), effectOf(group)]);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failed.set(id, error.message);
    }
  }
  for (const id of failed.keys()) effects.delete(id);
  if (effects.size > 0) {
    context.startTask(loadBalancer, { kind: 'batchTargets', effects: [...effects.values()].flat() });
  }
  const messages = [...failed].map(([id, message]) => `${id}: ${message}`);
  return { FailListenerIdSet: [...failed.keys()], Message: messages.join(' ') };
}

/** BatchRegisterTargets of the description named above. */
export const batchRegisterTargets = action<'clb.BatchRegisterTargets'>((request, context) =>
  runBatch(request, context, ({ place, targets: wanted }) => {
    const targets = joiningTargets(wanted, place, context);
    return { kind: 'registerTargets', ...toRulePlace(place), targets };
  }),
);

/** BatchDeregisterTargets of the same description. */
export const batchDeregisterTargets = action<'clb.BatchDeregisterTargets'>((request, context) =>
  runBatch(request, context, ({ place, targets: wanted }) => {
    const targets = leavingTargets(wanted, place, context);
    return { kind: 'deregisterTargets', ...toRulePlace(place), targets };
  }),
);

/** BatchModifyTargetWeight of the same description. All or nothing; not for classic instances. */
export const batchModifyTargetWeight = action<'clb.BatchModifyTargetWeight'>((request, context) => {
  const loadBalancer = findCurrentLoadBalancer(context, request.LoadBalancerId);
  const total = request.ModifyList.reduce((sum, item) => sum + item.Targets.length, 0);
  if (total > batchMax) {
    throw new ApiError(
      'InvalidParameterValue.Length',
      `The parameter \`ModifyList\` has ${total} targets in all; it takes at most ${batchMax}.`,
    );
  }
  const seen = new Map<string, ReturnType<typeof toTargetKey>[]>();
  const effects = request.ModifyList.map((item): BatchEffect => {
    const place = placeIn(loadBalancer, item);
    const holder = getTargetHolder(place);
    const keys = item.Targets.map((target) => toTargetKey(target, place, context));
    const all = [...(seen.get(holder.id) ?? []), ...keys];
    refuseTwice('ModifyList', all);
    seen.set(holder.id, all);
    refuseAbsent(keys, holder.targets);
    const itemWeight = (index: number) => item.Targets[index]?.Weight ?? item.Weight ?? defaultWeight;
    const changes = keys.map((key, index) => ({ ...key, to: { weight: itemWeight(index) } }));
    return { kind: 'changeTargets', ...toRulePlace(place), changes };
  });
  context.startTask(loadBalancer, { kind: 'batchTargets', effects });
  return {};
});
