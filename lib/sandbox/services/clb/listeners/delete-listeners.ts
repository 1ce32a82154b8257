import type {
  DeleteListenerRequest,
  DeleteListenerResponse,
  DeleteLoadBalancerListenersRequest,
  DeleteLoadBalancerListenersResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { action } from '@/lib/sandbox/services/action';
import { findCurrentLoadBalancer, findListener } from '@/lib/sandbox/services/clb/find/find-objects';

/** Deletes a listener with its rules and bindings: https://cloud.tencent.com/document/api/214/30690. */
export const deleteListenerAction = action<DeleteListenerRequest, DeleteListenerResponse>(
  (request, context) => {
    const loadBalancer = findCurrentLoadBalancer(context, request.LoadBalancerId);
    const { id } = findListener(loadBalancer, request.ListenerId);
    context.startTask(loadBalancer, {
      kind: 'deleteListeners',
      loadBalancerId: loadBalancer.id,
      listenerIds: [id],
    });
    return {};
  },
);

/** Deletes listeners (≤ 20; all of them when none is named): https://www.tencentcloud.com/document/api/214/37095. */
export const deleteLoadBalancerListeners = action<
  DeleteLoadBalancerListenersRequest,
  DeleteLoadBalancerListenersResponse
>((request, context) => {
  const loadBalancer = findCurrentLoadBalancer(context, request.LoadBalancerId);
  const { ListenerIds: ids = [] } = request;
  const listeners =
    ids.length === 0 ? loadBalancer.listeners : ids.map((id) => findListener(loadBalancer, id));
  context.startTask(loadBalancer, {
    kind: 'deleteListeners',
    loadBalancerId: loadBalancer.id,
    listenerIds: [...new Set(listeners.map(({ id }) => id))],
  });
  return {};
});
