import { functionsPerRuleMax } from '@/lib/estate/limits';
import { getRuleState } from '@/lib/estate/look-up';
import { bindsFunction } from '@/lib/plan/diff-rule';
import { createFindings, sources } from './finding';
import type { Check, Finding } from './model';
import { listFunctionRoutes, routeFieldName, ruleName } from './routes';
import { suggestNewRule } from './suggest';

const { pass, block } = createFindings('one-function', sources.binding);

/** Checks that a rule binds one function only; binding the same one again needs no change. */
export const checkOneFunction: Check = (input) =>
  listFunctionRoutes(input).map((resolved): Finding => {
    const state = getRuleState(resolved.rule);
    const found = {
      field: routeFieldName(resolved, 'rule'),
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
