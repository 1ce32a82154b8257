import type { Diversion } from '@/lib/diversion/diversion';
import type { Draft } from './draft';

/** What is created for a draft's routes: a thing that no route leads over is not made. */
function usedCreates({ creates, routes }: Pick<Draft, 'creates' | 'routes'>): Draft['creates'] {
  const listeners = creates.listeners.filter(({ id }) => routes.some((route) => route.listenerId === id));
  const loadBalancers = creates.loadBalancers.filter(({ id }) =>
    routes.some((route) => route.loadBalancerId === id),
  );
  return { loadBalancers, listeners };
}

/**
 * A draft as the checks, the planner and the server take it. The brands of a diversion say "an id of the cloud": an empty id
 * is found nowhere, so each check answers as for an object that does not exist, and what is not chosen yet is not shown.
 */
export function asDiversion(draft: Draft): Diversion {
  const { kind, name, lowerTtlS, expectedPeakRps, toward, ramp } = draft;
  const routes = draft.routes.map(({ key: _key, ...route }) => ({
    ...route,
    domain: route.domain.trim().toLowerCase().replace(/\.$/, ''),
  }));
  const common = { kind, name, lowerTtlS, expectedPeakRps, creates: usedCreates(draft), routes };
  return (kind === 'switch' ? { ...common, toward, ramp } : common) as unknown as Diversion;
}
