import { getDnsTarget } from '@/lib/estate/dns-target';
import type { LoadBalancer } from '@/lib/estate/model';
import type { ListenerRef, LoadBalancerRef, OwnLoadBalancerRef, ProvisionedRef } from '@/lib/estate/object';
import { noListener, noLoadBalancer } from '@/lib/estate/object-state';
import { CloudError } from '../errors';
import type { Reading } from '../port';
import type { Reader } from './call/caller';
import { listLoadBalancersNamed, listLoadBalancersWithId, readListenerAt } from './clb/api';
import { readProvisioned } from './scf/concurrency-api';

/** A `Reading` without the time at which the cloud was queried. */
type Found = Omit<Reading, 'at'>;

/**
 * Returns the reading of a load balancer from those that have its name. Its address is what DNS names it by. One that
 * is still being created exists, but has no ids yet: nothing can be done with it, and if its task fails it disappears
 * again.
 */
export function loadBalancerReading(named: readonly LoadBalancer[]): Found {
  const [only] = named;
  if (only === undefined) return { state: noLoadBalancer, ids: {} };
  if (named.length > 1) {
    return { state: { kind: 'loadBalancer', count: named.length, network: null, vpcId: null }, ids: {} };
  }
  const { id, network, vpcId, status } = only;
  const state = { kind: 'loadBalancer', count: 1, network, vpcId } as const;
  if (status === 'creating') return { state, ids: {} };
  const address = getDnsTarget(only)?.value;
  return { state, ids: { LoadBalancerId: id, ...(address === undefined ? {} : { Address: address }) } };
}

/** A load balancer by its id, where the reference has one, else by its name. */
export async function readLoadBalancer(
  reader: Reader,
  ref: LoadBalancerRef | OwnLoadBalancerRef,
): Promise<Found> {
  const { region, name } = ref;
  return loadBalancerReading(
    'id' in ref
      ? await listLoadBalancersWithId(reader, region, ref.id)
      : await listLoadBalancersNamed(reader, region, name),
  );
}

/** Reads a listener by its port. */
export async function readListener(reader: Reader, ref: ListenerRef): Promise<Found> {
  const found = await readListenerAt(reader, ref);
  if (found === undefined) return { state: noListener, ids: {} };
  const { id, certificateId } = found;
  return { state: { kind: 'listener', exists: true, certificateId }, ids: { ListenerId: id } };
}

/**
 * Returns the number of instances of a version that are requested, and the number of them that are ready.
 * @returns none if the function has no setting; `isGone` if there is no such function
 */
export async function findProvisioned(
  reader: Reader,
  ref: Omit<ProvisionedRef, 'kind'>,
): Promise<{ readonly wanted: number; readonly ready: number; readonly isGone?: true }> {
  try {
    const all = await readProvisioned(reader, ref);
    const own = all.find(({ qualifier }) => qualifier === ref.qualifier);
    return { wanted: own?.allocated ?? 0, ready: own?.available ?? 0 };
  } catch (cause) {
    if (!(cause instanceof CloudError)) throw cause;
    const { code } = cause.data;
    if (/^ResourceNotFound\.(Function|FunctionName|Namespace)$/.test(code))
      return { wanted: 0, ready: 0, isGone: true };
    // A version without a setting is reported as one that does not exist.
    if (/^ResourceNotFound(\.|$)/.test(code)) return { wanted: 0, ready: 0 };
    throw cause;
  }
}
