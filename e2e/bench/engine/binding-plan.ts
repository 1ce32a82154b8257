import { ListenerId, LoadBalancerId } from '@/lib/estate/ids';
import { diffFunctionRule } from '@/lib/plan/diff/diff-rule';
import { inverseSteps } from '@/lib/plan/diff/inverse';
import { listFingerprints } from '@/lib/plan/model/fingerprints';
import { type Plan, type Step, StepId } from '@/lib/plan/model/model';
import { buildSplit } from '../support/build-split';
import { type Bound, benchRegion, connectionId } from './bench-cloud';

/** Returns the two writes of a binding: its rule, and the function bound to it. */
function buildSteps(bound: Bound, index: number): Step[] {
  const ref = {
    ...({ kind: 'rule', region: benchRegion, domain: bound.domain, url: '/' } as const),
    loadBalancerId: LoadBalancerId.parse(bound.loadBalancerId),
    listenerId: ListenerId.parse(bound.listenerId),
  };
  const choice = {
    region: benchRegion,
    namespace: 'default',
    name: bound.functionName,
    qualifier: '$LATEST',
  };
  const place = { ref, rule: undefined, key: bound.domain, needs: [], certificateId: null };
  const changes = diffFunctionRule(place, choice);
  return changes.flatMap((change, nth): Step[] => {
    if (change.kind !== 'write') return [];
    const { phase, object, call, inverse, before, after } = change;
    const id = StepId.parse(`s${index * 2 + nth + 1}`);
    const needs = nth === 0 ? [] : [StepId.parse(`s${index * 2 + nth}`)];
    const own = { kind: 'write', id, phase, needs, undoes: null, forecastMs: 2000 } as const;
    return [{ ...own, object, call, inverse, before, after }];
  });
}

/** Returns a plan of independent bindings. No current diversion needs so many; its Split is a placeholder. */
export function bindingPlan(bindings: readonly Bound[]): Plan {
  const steps = bindings.flatMap(buildSteps);
  return {
    diversion: buildSplit('bindings'),
    connectionId,
    estateTakenAt: new Date().toISOString(),
    fingerprints: listFingerprints(steps),
    steps,
    rollback: inverseSteps(steps, 0),
  };
}
