import type { ClbQuota } from '@/lib/estate/account-model';
import { quotaLeftLeast } from '@/lib/estate/facts/limits';
import { findAccount } from '@/lib/estate/join-estates';
import type { LoadBalancer } from '@/lib/estate/model';
import { targetText } from '@/lib/estate/target';
import { isPlanned } from '@/lib/plan/model/anticipate';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { routeFieldName, ruleName } from '@/lib/preflight/model/routes';

const { pass, warn, block, unknown } = createFindings(
  'clb-quota',
  'https://www.tencentcloud.com/document/product/214/6187',
);

/** The future number of counted objects, and the limit. */
type Count = Pick<Finding, 'field' | 'objects'> & {
  readonly loadBalancer: LoadBalancer;
  readonly quota: Exclude<keyof ClbQuota, 'region' | 'publicInUse' | 'internalInUse'>;
  /** The name of the object that contains them. */
  readonly name: string;
  readonly count: number;
};

/** Counts all load balancers that the account will have in the region, where the plan creates any. */
function loadBalancerCounts({ estate, before, diversion }: CheckInput): readonly Count[] {
  const added = estate.loadBalancers.filter(isPlanned);
  const kinds = [
    ['OPEN', 'publicLoadBalancers'],
    ['INTERNAL', 'internalLoadBalancers'],
  ] as const;
  return [...new Set(added.map(({ region }) => region))].flatMap((region) =>
    kinds.flatMap(([network, quota]): readonly Count[] => {
      const isSame = (each: LoadBalancer) => each.region === region && each.network === network;
      const own = added.filter(isSame);
      const [first] = own;
      if (first === undefined) return [];
      const there = before.loadBalancers.filter((each) => each.connectionId === undefined && isSame(each));
      const nth = diversion.creates.loadBalancers.findIndex(({ id }) => id === first.id);
      return [
        {
          field: `creates.loadBalancers.${nth}`,
          objects: own.map(({ id }) => id),
          quota,
          loadBalancer: first,
          name: region,
          count: there.length + own.length,
        },
      ];
    }),
  );
}

/** Counts all listeners that the load balancer will have, where the plan adds any. */
function listenerCounts({ estate, diversion }: CheckInput): readonly Count[] {
  const added = estate.listeners.filter(isPlanned);
  return [...new Set(added.map(({ loadBalancerId }) => loadBalancerId))].flatMap((id): Count[] => {
    const balancer = estate.loadBalancers.find((each) => each.id === id);
    if (balancer === undefined) return [];
    const nth = diversion.creates.listeners.findIndex((made) => added.some(({ id: own }) => own === made.id));
    return [
      {
        field: `creates.listeners.${nth}`,
        objects: [id],
        quota: 'listenersPerLoadBalancer',
        loadBalancer: balancer,
        name: balancer.name,
        count: estate.listeners.filter(({ loadBalancerId }) => loadBalancerId === id).length,
      },
    ];
  });
}

/** Counts all rules that the listener will have, where the plan adds any. */
function ruleCounts({ estate, routes }: CheckInput): readonly Count[] {
  const added = new Map<string, [ResolvedRoute, ...ResolvedRoute[]]>();
  for (const route of routes) {
    if (route.rule !== undefined) continue;
    const others = added.get(route.listener.id);
    if (others === undefined) added.set(route.listener.id, [route]);
    else others.push(route);
  }
  const there = new Map<string, number>();
  for (const { listenerId } of estate.rules)
    if (added.has(listenerId)) there.set(listenerId, (there.get(listenerId) ?? 0) + 1);
  return [...added].map(([id, [first, ...others]]) => ({
    field: routeFieldName(first, 'listenerId'),
    objects: [id],
    quota: 'rulesPerListener',
    loadBalancer: first.loadBalancer,
    name: `${first.listener.protocol}:${first.listener.port}, ${first.loadBalancer.name}`,
    count: (there.get(id) ?? 0) + 1 + others.length,
  }));
}

/** Counts all targets that the rule will have, where the plan adds any. */
function targetCounts({ routes }: CheckInput): readonly Count[] {
  return routes.flatMap((resolved): Count[] => {
    const { route, rule } = resolved;
    if (route.to !== 'cvm') return [];
    const there = new Set((rule?.targets ?? []).map(targetText));
    const all = new Set([...there, ...route.addTargets.map(targetText)]);
    if (all.size === there.size) return [];
    return [
      {
        field: routeFieldName(resolved, 'addTargets'),
        objects: rule ? [rule.id] : [],
        quota: 'targetsPerRule',
        loadBalancer: resolved.loadBalancer,
        name: ruleName(resolved),
        count: all.size,
      },
    ];
  });
}

function quotaFinding(
  { estate }: CheckInput,
  { loadBalancer, quota, name, count, ...found }: Count,
): Finding {
  const { region } = loadBalancer;
  const { clbQuotas } = findAccount(estate, loadBalancer);
  const max = clbQuotas.find((each) => each.region === region)?.[quota] ?? null;
  if (max === null) return unknown({ ...found, why: 'unread', values: { quota, name, count, region } });
  const values = { quota, name, count, max };
  if (count > max) return block({ ...found, why: 'full', values });
  const left = max - count;
  return left < max * quotaLeftLeast
    ? warn({ ...found, why: 'few', values: { ...values, left } })
    : pass({ ...found, why: 'pass', values });
}

/**
 * Checks that the plan's additions fit the quotas: load balancers of a region, listeners of a load balancer, rules of a
 * listener, targets of a rule.
 */
export const checkClbQuota: Check = (input) =>
  [...loadBalancerCounts(input), ...listenerCounts(input), ...ruleCounts(input), ...targetCounts(input)].map(
    (count) => quotaFinding(input, count),
  );
