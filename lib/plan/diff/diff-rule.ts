import type { FunctionChoice, TargetChoice } from '@/lib/diversion/route';
import { targetsPerCallMax } from '@/lib/estate/facts/limits';
import { getRuleState, noRule } from '@/lib/estate/look-up';
import type { Rule } from '@/lib/estate/model';
import type { RuleRef, RuleState, TargetState } from '@/lib/estate/object';
import { isSameTarget } from '@/lib/estate/target';
import {
  bindFunction,
  createRule,
  deleteRule,
  deregisterTargets,
  type LocationIdParam,
  newLocationId,
  registerTargets,
  unbindFunction,
} from '@/lib/plan/model/calls';
import type { PlannedChange } from '@/lib/plan/model/change';
import { chunks } from '@/lib/plan/model/chunks';
import { bindsFunction, toBoundFunction } from '@/lib/plan/model/function-choice';

/** The rule of a route, with the names and dependencies of its changes. */
export type BoundPlace = {
  readonly ref: RuleRef;
  /** undefined = it is created. */
  readonly rule: Rule | undefined;
  readonly key: string;
  /** Keys of the changes that create the objects the rule depends on. */
  readonly needs: readonly string[];
  /** The certificate that it is created with; null = none. */
  readonly certificateId: string | null;
};

/** A rule as a route needs it: it exists, and a backend may be bound to it. */
type Start = {
  readonly changes: readonly PlannedChange[];
  readonly state: RuleState;
  readonly id: LocationIdParam;
};

function ensureRule({ ref, rule, key, needs, certificateId }: BoundPlace): Start {
  if (rule !== undefined) return { changes: [], state: getRuleState(rule), id: rule.id };
  const state: RuleState = { kind: 'rule', exists: true, targets: [], functions: [] };
  const change: PlannedChange = {
    kind: 'write',
    key: `${key}.rule`,
    phase: 'prewarm',
    needs,
    object: ref,
    call: createRule(ref, certificateId),
    inverse: deleteRule(ref, newLocationId),
    before: noRule,
    after: state,
  };
  return { changes: [change], state, id: newLocationId };
}

/** Returns the writes that bind a function to a rule: create the rule if it is missing, bind if it is not bound. */
export function diffFunctionRule(place: BoundPlace, choice: FunctionChoice): PlannedChange[] {
  const { ref, key } = place;
  const start = ensureRule(place);
  if (bindsFunction(start.state, choice)) return [...start.changes];
  const bound = toBoundFunction(choice);
  return [
    ...start.changes,
    {
      kind: 'write',
      key: `${key}.bind`,
      phase: 'prewarm',
      needs: start.changes.map((change) => change.key),
      object: ref,
      call: bindFunction(ref, start.id, bound),
      inverse: unbindFunction(ref, start.id, bound),
      before: start.state,
      after: { ...start.state, functions: [...start.state.functions, bound] },
    },
  ];
}

/**
 * Returns the writes that replace a rule's CVM targets with a function, at T0. They are two tasks: between them the
 * rule has no backend, and the load balancer itself responds. Returns no writes if the function is already bound.
 */
export function diffSwap(ref: RuleRef, rule: Rule, choice: FunctionChoice, key: string): PlannedChange[] {
  const before = getRuleState(rule);
  if (bindsFunction(before, choice)) return [];
  const bound = toBoundFunction(choice);
  const empty: RuleState = { ...before, targets: [] };
  const common = { kind: 'write', phase: 'divert', object: ref } as const;
  const off: PlannedChange[] = chunks(before.targets, targetsPerCallMax).map((targets, nth) => ({
    ...common,
    key: `${key}.off${nth + 1}`,
    needs: nth === 0 ? [] : [`${key}.off${nth}`],
    call: deregisterTargets(ref, rule.id, targets),
    inverse: registerTargets(ref, rule.id, targets),
    before: { ...before, targets: before.targets.slice(nth * targetsPerCallMax) },
    after: { ...before, targets: before.targets.slice((nth + 1) * targetsPerCallMax) },
  }));
  const bind: PlannedChange = {
    ...common,
    key: `${key}.bind`,
    needs: off.slice(-1).map((change) => change.key),
    call: bindFunction(ref, rule.id, bound),
    inverse: unbindFunction(ref, rule.id, bound),
    before: empty,
    after: { ...empty, functions: [...empty.functions, bound] },
  };
  return [...off, bind];
}

/** Returns the writes that bind CVM targets to a rule: create the rule if it is missing, add the missing targets. */
export function diffTargetRule(place: BoundPlace, wanted: readonly TargetChoice[]): PlannedChange[] {
  const { ref, key } = place;
  const start = ensureRule(place);
  const isThere = (target: TargetState) => start.state.targets.some((other) => isSameTarget(other, target));
  const missing: TargetState[] = wanted.filter((target) => !isThere(target));
  if (missing.length === 0) return [...start.changes];
  const after: RuleState = { ...start.state, targets: [...start.state.targets, ...missing] };
  return [
    ...start.changes,
    {
      kind: 'write',
      key: `${key}.targets`,
      phase: 'prewarm',
      needs: start.changes.map((change) => change.key),
      object: ref,
      call: registerTargets(ref, start.id, missing),
      inverse: deregisterTargets(ref, start.id, missing),
      before: start.state,
      after,
    },
  ];
}
