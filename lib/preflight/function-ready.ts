import type { FunctionRoute, RouteField } from '@/lib/diversion/route';
import { isUnread } from '@/lib/estate/gaps';
import { clbTriggersPerFunctionMax } from '@/lib/estate/limits';
import { findFunction, ruleStateOf } from '@/lib/estate/look-up';
import type { ScfFunction } from '@/lib/estate/model';
import { bindsFunction } from '@/lib/plan/diff-rule';
import type { ResolvedRoute } from '@/lib/plan/resolve-route';
import { findingsOf, sources } from './finding';
import type { Check, CheckInput, Finding } from './model';
import { fieldOf, functionRoutesOf } from './routes';

const { pass, block, warn, unknown } = findingsOf('function-ready', sources.scfQuotas);

/** Which version, or alias, traffic will reach. */
function qualifierFindings(
  chosen: ScfFunction,
  qualifier: string,
  found: { readonly field: RouteField; readonly objects: readonly string[] },
): readonly Finding[] {
  const name = `${chosen.namespace}/${chosen.name}`;
  if (qualifier === '$LATEST') return [warn({ ...found, why: 'latest', values: { function: name } })];
  const values = { function: name, version: qualifier };
  if (chosen.versions.includes(qualifier)) return [];
  // Versions are numbers; any other name is an alias.
  if (/^\d+$/.test(qualifier)) return [block({ ...found, why: 'version', values })];
  if (chosen.aliases === null) return [unknown({ ...found, why: 'alias', values })];
  const alias = chosen.aliases.find((each) => each.name === qualifier);
  if (alias === undefined) return [block({ ...found, why: 'noAlias', values })];
  return alias.version === '$LATEST'
    ? [warn({ ...found, why: 'aliasOfLatest', values: { function: name, alias: qualifier } })]
    : [];
}

function findingsOfRoute({ estate }: CheckInput, resolved: ResolvedRoute<FunctionRoute>): readonly Finding[] {
  const choice = resolved.route.function;
  const name = `${choice.namespace}/${choice.name}`;
  const found = { field: fieldOf(resolved, 'function'), objects: [name] };
  const chosen = findFunction(estate, choice);
  if (chosen === undefined) {
    const values = { function: name, region: choice.region };
    return isUnread(estate, `scf/${choice.region}/${name}`)
      ? [unknown({ ...found, why: 'unread', values })]
      : [block({ ...found, why: 'missing', values })];
  }
  const reasons: Finding[] = [];
  if (chosen.status !== 'Active') {
    reasons.push(block({ ...found, why: 'status', values: { function: name, status: chosen.status } }));
  }
  reasons.push(...qualifierFindings(chosen, choice.qualifier, found));
  const binds = resolved.rule === undefined || !bindsFunction(ruleStateOf(resolved.rule), choice);
  if (binds && chosen.clbTriggerCount >= clbTriggersPerFunctionMax) {
    const values = { function: name, count: chosen.clbTriggerCount, max: clbTriggersPerFunctionMax };
    reasons.push(block({ ...found, why: 'triggers', values }));
  }
  if (reasons.length > 0) return reasons;
  return [pass({ ...found, why: 'pass', values: { function: name, version: choice.qualifier } })];
}

/** Each function exists, is Active, has the chosen version or alias, and room for one more CLB trigger. */
export const checkFunctionReady: Check = (input) =>
  functionRoutesOf(input).flatMap((resolved) => findingsOfRoute(input, resolved));
