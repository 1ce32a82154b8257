import type { LoadBalancerId } from '@/lib/estate/ids';
import type { LoadBalancer } from '@/lib/estate/model';
import { CloudError } from '../../errors';
import type { Reader } from '../caller';
import { readPages } from '../pages';
import {
  type Bindings,
  joinBindings,
  toBindings,
  toListeners,
  toLoadBalancers,
  toTaskStatus,
} from './convert';

/** Largest page of DescribeLoadBalancers. https://cloud.tencent.com/document/api/214/30685 */
const pageSize = 100;

/** All load balancers of a region, both generations. */
export function listLoadBalancers(reader: Reader, region: string): Promise<readonly LoadBalancer[]> {
  return readPages(pageSize, (window) =>
    reader.read({ service: 'clb', action: 'DescribeLoadBalancers', region, params: window }, (answer) =>
      toLoadBalancers(answer, region),
    ),
  );
}

const joinAttempts = 3;

/**
 * The listeners and rules of one load balancer with everything bound to them, or of some of its listeners.
 * @param listenerIds at most 20; none = all.
 */
export async function readBindings(
  reader: Reader,
  region: string,
  loadBalancerId: LoadBalancerId,
  listenerIds: readonly string[] = [],
): Promise<Bindings> {
  const params = {
    LoadBalancerId: loadBalancerId,
    ...(listenerIds.length === 0 ? {} : { ListenerIds: [...listenerIds] }),
  };
  for (let attempt = 1; attempt <= joinAttempts; attempt += 1) {
    const [listeners, bindings] = await Promise.all([
      reader.read({ service: 'clb', action: 'DescribeListeners', region, params }, toListeners),
      reader.read({ service: 'clb', action: 'DescribeTargets', region, params }, toBindings),
    ]);
    const joined = joinBindings(loadBalancerId, listeners, bindings);
    if (joined !== null) return joined;
  }
  throw new CloudError({
    code: 'Answer.Inconsistent',
    message: `the listeners of ${loadBalancerId} and their targets do not fit together; its rules keep changing`,
    requestId: null,
    action: 'DescribeTargets',
    region,
    mayHaveHappened: false,
    advice: 'retry',
  });
}

/** Where the task of a write stands; its id is the request id of the write. */
export function readTask(reader: Reader, region: string | null, taskId: string) {
  return reader.read(
    { service: 'clb', action: 'DescribeTaskStatus', region, params: { TaskId: taskId } },
    toTaskStatus,
  );
}
