import type { Estate } from '@/lib/estate/model';
import { changeRoute } from './change-routes';
import type { Draft } from './draft';
import { estateOf } from './estate-of';
import { chooseListener, chooseLoadBalancer } from './route-choices';

export type LoadBalancerDraft = Draft['creates']['loadBalancers'][number];
export type ListenerDraft = Draft['creates']['listeners'][number];

/** Adds a load balancer to what is created, and leads a route over it. */
export function createLoadBalancer(
  estate: Estate,
  draft: Draft,
  index: number,
  made: LoadBalancerDraft,
): Draft {
  const { creates } = draft;
  const next = { ...draft, creates: { ...creates, loadBalancers: [...creates.loadBalancers, made] } };
  const whole = estateOf(estate, next);
  return changeRoute(estate, next, index, (route) => chooseLoadBalancer(whole, route, made.id));
}

/** Adds a listener to what is created, and leads a route over it. */
export function createListener(estate: Estate, draft: Draft, index: number, made: ListenerDraft): Draft {
  const { creates } = draft;
  const next = { ...draft, creates: { ...creates, listeners: [...creates.listeners, made] } };
  const whole = estateOf(estate, next);
  return changeRoute(estate, next, index, (route) => chooseListener(whole, route, made.id));
}

/** Puts what was changed in the place of what was to be created: it is called the same, so that all that names it stays. */
export function replaceLoadBalancer(draft: Draft, made: LoadBalancerDraft): Draft {
  const { creates } = draft;
  const loadBalancers = creates.loadBalancers.map((each) => (each.id === made.id ? made : each));
  return { ...draft, creates: { ...creates, loadBalancers } };
}

/** The same of a listener. */
export function replaceListener(draft: Draft, made: ListenerDraft): Draft {
  const { creates } = draft;
  const listeners = creates.listeners.map((each) => (each.id === made.id ? made : each));
  return { ...draft, creates: { ...creates, listeners } };
}

/** Takes something out of what is created: routes over it are left with a choice to make, and its listeners go with it. */
export function removeCreated(draft: Draft, id: string): Draft {
  const loadBalancers = draft.creates.loadBalancers.filter((made) => made.id !== id);
  const listeners = draft.creates.listeners.filter((made) => made.id !== id && made.loadBalancerId !== id);
  const isThere = (listenerId: string) =>
    !draft.creates.listeners.some((made) => made.id === listenerId) ||
    listeners.some((made) => made.id === listenerId);
  const routes = draft.routes.map((route) => {
    if (route.loadBalancerId === id) return { ...route, loadBalancerId: '', listenerId: '' };
    return isThere(route.listenerId) ? route : { ...route, listenerId: '' };
  });
  return { ...draft, creates: { loadBalancers, listeners }, routes };
}
