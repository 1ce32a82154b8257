import type { Draft } from './draft';

export type LoadBalancerDraft = Draft['creates']['loadBalancers'][number];
export type ListenerDraft = Draft['creates']['listeners'][number];

/**
 * Replaces a load balancer to create with its changed version. It keeps its id, so that everything that names it stays
 * valid.
 */
export function replaceLoadBalancer(draft: Draft, made: LoadBalancerDraft): Draft {
  const { creates } = draft;
  const loadBalancers = creates.loadBalancers.map((each) => (each.id === made.id ? made : each));
  return { ...draft, creates: { ...creates, loadBalancers } };
}

/** Replaces a listener to create with its changed version, under the same id. */
export function replaceListener(draft: Draft, made: ListenerDraft): Draft {
  const { creates } = draft;
  const listeners = creates.listeners.map((each) => (each.id === made.id ? made : each));
  return { ...draft, creates: { ...creates, listeners } };
}

/**
 * Removes a resource from those to create: routes that use it are left with a choice to make, and its listeners are
 * removed with it.
 */
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
