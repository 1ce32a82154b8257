import type { Estate } from '@/lib/estate/model';
import { anticipatedEstate } from './anticipated-estate';
import { changeRoute } from './change-routes';
import type { Draft } from './draft';
import type { ListenerDraft, LoadBalancerDraft } from './edit-creates';
import { chooseListener, chooseLoadBalancer } from './route-choices';

/** Adds a load balancer to the resources to create, and routes a route through it. */
export function addCreatedLoadBalancer(
  estate: Estate,
  draft: Draft,
  index: number,
  made: LoadBalancerDraft,
): Draft {
  const { creates } = draft;
  const next = { ...draft, creates: { ...creates, loadBalancers: [...creates.loadBalancers, made] } };
  const whole = anticipatedEstate(estate, next);
  return changeRoute(estate, next, index, (route) => chooseLoadBalancer(whole, route, made.id));
}

/** Adds a listener to the resources to create, and routes a route through it. */
export function addCreatedListener(estate: Estate, draft: Draft, index: number, made: ListenerDraft): Draft {
  const { creates } = draft;
  const next = { ...draft, creates: { ...creates, listeners: [...creates.listeners, made] } };
  const whole = anticipatedEstate(estate, next);
  return changeRoute(estate, next, index, (route) => chooseListener(whole, route, made.id));
}
