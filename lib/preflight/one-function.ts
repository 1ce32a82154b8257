import { functionsPerRuleMax } from '@/lib/estate/limits';
import { ruleStateOf } from '@/lib/estate/look-up';
import { bindsFunction } from '@/lib/plan/diff-rule';
import { findingsOf, sources } from './finding';
import { functionLaneOf } from './lanes';
import type { Check } from './model';
import { suggestNewRule } from './suggest';

const { pass, block } = findingsOf('one-function', sources.binding);

/** A rule binds one function only; binding the same one again is nothing to do. */
export const checkOneFunction: Check = (input) => {
  const lane = functionLaneOf(input);
  if (lane === undefined) return [];
  const state = ruleStateOf(lane.rule);
  const found = {
    field: 'laneB.rule',
    objects: lane.rule ? [lane.rule.id] : [],
    values: {
      rule: `${lane.ref.domain}${lane.ref.url}`,
      bound: state.functions.map((f) => `${f.namespace}/${f.name}:${f.qualifier}`).join(', '),
    },
  } as const;
  if (bindsFunction(state, input.diversion.laneB.function)) return [pass({ ...found, why: 'already' })];
  return state.functions.length < functionsPerRuleMax
    ? [pass({ ...found, why: 'pass' })]
    : [block({ ...found, why: 'taken', fix: suggestNewRule(input, lane) })];
};
