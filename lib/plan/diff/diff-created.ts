import type { Creates } from '@/lib/diversion/creates';
import type { Estate } from '@/lib/estate/model';
import type { ListenerRef, LoadBalancerRef } from '@/lib/estate/object';
import { noListener, noLoadBalancer } from '@/lib/estate/object-state';
import { getOwner } from '@/lib/estate/owner';
import { addressPlaceholder } from '@/lib/plan/model/anticipate';
import {
  createListener,
  createLoadBalancer,
  deleteListener,
  deleteLoadBalancer,
  madeIds,
} from '@/lib/plan/model/calls';
import type { PlannedChange } from '@/lib/plan/model/change';

/** Returns the key of the change that creates an object. */
export function madeKey(placeholder: string): string {
  return `made.${placeholder}`;
}

/**
 * Returns the writes that create load balancers and listeners, a listener after its load balancer.
 * @param estate as it is, without them
 */
export function diffCreated(estate: Estate, missing: Creates): PlannedChange[] {
  const loadBalancers = missing.loadBalancers.map((made): PlannedChange => {
    const { id, name, region, network, vpcId } = made;
    const object: LoadBalancerRef = { kind: 'loadBalancer', region, name };
    return {
      kind: 'write',
      key: madeKey(id),
      phase: 'prewarm',
      needs: [],
      object,
      call: createLoadBalancer(made),
      inverse: deleteLoadBalancer(made),
      // If another load balancer already has the name, the run is stopped instead of creating a second one.
      before: noLoadBalancer,
      after: { kind: 'loadBalancer', count: 1, network, vpcId },
      yields: { [madeIds.loadBalancer]: id, [madeIds.address]: addressPlaceholder(made) },
    };
  });
  const findRegion = (loadBalancerId: string) =>
    missing.loadBalancers.find(({ id }) => id === loadBalancerId)?.region ??
    estate.loadBalancers.find(({ id }) => id === loadBalancerId)?.region;
  const listeners = missing.listeners.flatMap((made): PlannedChange[] => {
    const { id, loadBalancerId, protocol, port, certificateId } = made;
    const region = findRegion(loadBalancerId);
    // Its load balancer does not exist: routes that refer to it report that.
    if (region === undefined) return [];
    const owned = getOwner(estate.loadBalancers.find((lb) => lb.id === loadBalancerId) ?? {});
    const object: ListenerRef = { kind: 'listener', ...owned, region, loadBalancerId, protocol, port };
    const owner = missing.loadBalancers.find((lb) => lb.id === loadBalancerId);
    return [
      {
        kind: 'write',
        key: madeKey(id),
        phase: 'prewarm',
        needs: owner === undefined ? [] : [madeKey(owner.id)],
        object,
        call: createListener(region, made),
        inverse: deleteListener(region, made),
        before: noListener,
        after: { kind: 'listener', exists: true, certificateId },
        yields: { [madeIds.listener]: id },
      },
    ];
  });
  return [...loadBalancers, ...listeners];
}
