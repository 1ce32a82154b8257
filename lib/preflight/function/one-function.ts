import { functionsPerRuleMax } from '@/lib/estate/facts/limits';
import { getRuleState } from '@/lib/estate/look-up';
import { bindsFunction } from '@/lib/plan/model/function-choice';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName, ruleName } from '@/lib/preflight/model/routes';
import { suggestNewRule } from '@/lib/preflight/model/suggest';

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
