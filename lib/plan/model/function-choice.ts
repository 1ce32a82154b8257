import type { FunctionChoice } from '@/lib/diversion/route';
import { functionWeightDefault } from '@/lib/estate/facts/limits';
import { findFunction } from '@/lib/estate/look-up';
import type { BoundFunction, Estate } from '@/lib/estate/model';
import type { RuleState } from '@/lib/estate/object';

/**
 * Returns the function of a route as bound on a rule. A published version or `$LATEST` is a VERSION, any other name an
 * ALIAS.
 */
export function toBoundFunction(choice: FunctionChoice): BoundFunction {
  const isVersion = choice.qualifier === '$LATEST' || /^\d+$/.test(choice.qualifier);
  return {
    namespace: choice.namespace,
    name: choice.name,
    qualifier: choice.qualifier,
    qualifierType: isVersion ? 'VERSION' : 'ALIAS',
    weight: functionWeightDefault,
  };
}

/** Returns whether a rule already binds exactly this function and qualifier, ignoring its (meaningless) weight. */
export function bindsFunction(state: RuleState, choice: FunctionChoice): boolean {
  return state.functions.some(
    (f) => f.namespace === choice.namespace && f.name === choice.name && f.qualifier === choice.qualifier,
  );
}

/**
 * Returns the version that a qualifier points at: instances are provisioned for versions, not for aliases and not for
 * `$LATEST` (https://cloud.tencent.com/document/api/583/51246).
 * @returns null if it points at none, or if the aliases could not be read
 */
export function provisionableVersion(
  estate: Pick<Estate, 'functions'>,
  choice: FunctionChoice,
): string | null {
  if (choice.qualifier === '$LATEST') return null;
  if (/^\d+$/.test(choice.qualifier)) return choice.qualifier;
  const alias = findFunction(estate, choice)?.aliases?.find(({ name }) => name === choice.qualifier);
  return alias !== undefined && /^\d+$/.test(alias.version) ? alias.version : null;
}
