import type { ConnectionHealthView, TargetCounts } from '@/lib/contract/overview';
import type { Estate, Target } from '@/lib/estate/model';

/** The maximum number listed; the estate page has all of them. */
const failingShown = 5;

const keys = { alive: 'alive', dead: 'dead', unknown: 'unknown', off: 'unchecked' } as const;

/** Counts targets by the result of their health check. */
function countTargets(targets: readonly Target[]): TargetCounts {
  const counts = { alive: 0, dead: 0, unknown: 0, unchecked: 0, unread: 0 };
  for (const { health } of targets) counts[health === null ? 'unread' : keys[health]] += 1;
  return counts;
}

/**
 * Returns the health of a connection's bindings in its newest snapshot. Functions are ready if the cloud reports them
 * as active and available (https://cloud.tencent.com/document/product/583/47175). Pure.
 */
export function viewHealth(
  estate: Estate,
): Pick<
  ConnectionHealthView,
  'readAt' | 'targets' | 'failing' | 'failingTotal' | 'functions' | 'balancersDown'
> {
  const balancers = new Map(estate.loadBalancers.map(({ id, name }) => [id, name]));
  const listeners = new Map(estate.listeners.map(({ id, protocol, port }) => [id, `${protocol}:${port}`]));
  const bound = [
    // The same domain and path may be on several listeners of a load balancer.
    ...estate.rules.map(({ id, domain, url, loadBalancerId, listenerId, targets }) => ({
      node: `ru:${id}`,
      name: `${domain}${url} (${balancers.get(loadBalancerId) ?? loadBalancerId} ${listeners.get(listenerId) ?? listenerId})`,
      targets,
    })),
    ...estate.listeners.map(({ id, protocol, port, loadBalancerId, targets }) => ({
      node: `ls:${id}`,
      name: `${protocol}:${port} (${balancers.get(loadBalancerId) ?? loadBalancerId})`,
      targets,
    })),
  ];
  const failing = bound
    .map(({ node, name, targets }) => ({
      node,
      name,
      dead: targets.filter(({ health }) => health === 'dead').length,
      all: targets.length,
    }))
    .filter(({ dead }) => dead > 0)
    .toSorted((a, b) => b.dead / b.all - a.dead / a.all || b.dead - a.dead || a.name.localeCompare(b.name));
  const notReady = estate.functions.filter(
    ({ status, availableStatus }) =>
      status !== 'Active' || (availableStatus !== null && availableStatus !== 'Available'),
  );
  return {
    readAt: estate.partsAt ?? estate.takenAt,
    targets: countTargets(bound.flatMap(({ targets }) => targets)),
    failing: failing.slice(0, failingShown),
    failingTotal: failing.length,
    functions: {
      ready: estate.functions.length - notReady.length,
      notReady: notReady.map(({ namespace, name }) => `${namespace}/${name}`),
    },
    balancersDown: estate.loadBalancers
      .filter(({ stopped, blocked, isolated }) => stopped === true || blocked || isolated)
      .map(({ name }) => name),
  };
}
