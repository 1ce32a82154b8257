import { SplitDiversion } from '@/lib/diversion/diversion';
import { getHostName } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { preflight } from '@/lib/preflight/preflight';

/** Returns Splits across an estate, each with its own name, two load balancers and function. */
function buildSplits(estate: Estate, count: number): readonly SplitDiversion[] {
  const records = estate.records.filter((record) => record.type === 'A');
  return Array.from({ length: count }, (_, n) => {
    const of = <T>(all: readonly T[], step: number): T => {
      const found = all[(n * step) % all.length];
      invariant(found !== undefined, 'the estate has some of each');
      return found;
    };
    const fn = of(estate.functions, 7);
    const rule = of(estate.rules, 379);
    const here = estate.loadBalancers.filter(
      (each) => each.region === fn.region && each.id !== rule.loadBalancerId,
    );
    const balancer = of(here, 3);
    const listener = of(
      estate.listeners.filter((each) => each.loadBalancerId === balancer.id),
      1,
    );
    const { loadBalancerId, listenerId, domain } = rule;
    return SplitDiversion.parse({
      kind: 'split',
      name: `split ${n}`,
      routes: [
        {
          to: 'cvm',
          domain,
          loadBalancerId,
          listenerId,
          addTargets: [],
          rule: { kind: 'existing', ruleId: rule.id },
        },
        {
          to: 'function',
          domain: getHostName(of(records, 11)),
          loadBalancerId: balancer.id,
          listenerId: listener.id,
          expectedBody: 'Hello CLB',
          rule: { kind: 'new', url: '/' },
          function: { region: fn.region, namespace: fn.namespace, name: fn.name, qualifier: '$LATEST' },
        },
      ],
    });
  });
}

/**
 * Measures how long planning takes (difference, order, rollback, preflight), in ms, for many Splits; the first ones are
 * a warm-up.
 */
export function timePlans(estate: Estate, count: number): readonly number[] {
  const warmUp = 20;
  const times = buildSplits(estate, count + warmUp).map((diversion) => {
    const begin = performance.now();
    const plan = planDiversion({ estate, diversion, keepAliveS: 75 });
    const findings = preflight({ estate, diversion });
    const took = performance.now() - begin;
    invariant(
      plan.ok && plan.value.steps.length > 0 && findings.length > 0,
      'a Split of these can be planned',
    );
    return took;
  });
  return times.slice(warmUp);
}
