import { functionsPerRuleMax } from '@/lib/estate/limits';
import { ruleStateOf } from '@/lib/estate/look-up';
import { bindsFunction } from '@/lib/plan/diff-rule';
import { findingsOf, sources } from './finding';
import type { Check, Finding } from './model';
import { fieldOf, functionRoutesOf, ruleName } from './routes';
import { suggestNewRule } from './suggest';

const { pass, block } = findingsOf('one-function', sources.binding);

/** Checks that a rule binds one function only; binding the same one again needs no change. */
export const checkOneFunction: Check = (input) =>
  functionRoutesOf(input).map((resolved): Finding => {
    const state = ruleStateOf(resolved.rule);
    const found = {
      field: fieldOf(resolved, 'rule'),
      objects: resolved.rule ? [resolved.rule.id] : [],
      values: {
        rule: ruleName(resolved),
        bound: state.functions.map((f) => `${f.namespace}/${f.name}:${f.qualifier}`).join(', '),
      },
    };
    if (bindsFunction(state, resolved.route.function)) return pass({ ...found, why: 'already' });
    return state.functions.length < functionsPerRuleMax
      ? pass({ ...found, why: 'pass' })
      : block({ ...found, why: 'taken', fix: suggestNewRule(input, resolved) });
  });
