import { ApiError } from '../model/api-error';
import type { Assumptions } from '../world/assumptions';
import type { WorldLoadBalancer } from '../world/clb';
import type { WorldEffect } from '../world/effect';

/** Returns whether an effect is allowed in any state of a load balancer: creating, starting and deleting it. */
function isForAnyState(effect: WorldEffect): boolean {
  switch (effect.kind) {
    case 'createLoadBalancers':
    case 'deleteLoadBalancers':
    case 'replaceCertificate':
    case 'startOrStop':
      return true;
    default:
      return false;
  }
}

/**
 * Refuses writes to a load balancer that is being created, isolated or stopped. Code and scope are assumptions: the
 * cloud's list of codes has one for a wrong state (`FailedOperation.InvalidLBStatus`), but no page says when it occurs.
 * @throws ApiError
 */
export function refuseUnusable(
  loadBalancers: readonly WorldLoadBalancer[],
  effect: WorldEffect,
  assumptions: Assumptions,
): void {
  if (isForAnyState(effect)) return;
  const refusesStopped = assumptions.get('clb.stoppedWrites') === 'refused';
  for (const { id, status, isolated, stopped } of loadBalancers) {
    const state =
      status === 0 ? 'being created' : isolated ? 'isolated' : stopped && refusesStopped ? 'stopped' : null;
    if (state) {
      throw new ApiError(
        assumptions.get('clb.unusable'),
        `Loadbalancer(${id}) is ${state} and takes no changes.`,
      );
    }
  }
}
