import type { FunctionChoice, FunctionRoute, RouteField } from '@/lib/diversion/route';
import { clbTriggersPerFunctionMax } from '@/lib/estate/facts/limits';
import { isUnread } from '@/lib/estate/gaps';
import { findAccount } from '@/lib/estate/join-estates';
import { findFunction, getRuleState, ruleAt } from '@/lib/estate/look-up';
import type { Estate, ScfFunction } from '@/lib/estate/model';
import { bindsFunction } from '@/lib/plan/model/function-choice';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { findBusiest, type OtherPlan } from '@/lib/preflight/model/conditions';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';

const { pass, block, warn, unknown } = createFindings('function-ready', sources.scfQuotas);

type FunctionList = 'versions' | 'aliases' | 'triggers';

/** Returns the number of entries of a function's list that could not be read. */
function countUnread(estate: Estate, { region, namespace, name }: ScfFunction, list: FunctionList): number {
  const part = `scf/${region}/${namespace}/${name}/${list}/`;
  return estate.gaps.filter((gap) => gap.part.startsWith(part)).length;
}

function isListUnread(estate: Estate, fn: ScfFunction, list: FunctionList): boolean {
  return countUnread(estate, fn, list) > 0;
}

/** Returns findings on the version, or alias, that traffic will reach. */
function qualifierFindings(
  { estate }: Pick<CheckInput, 'estate'>,
  chosen: ScfFunction,
  qualifier: string,
  found: { readonly field: RouteField; readonly objects: readonly string[] },
): readonly Finding[] {
  const name = `${chosen.namespace}/${chosen.name}`;
  if (qualifier === '$LATEST') return [warn({ ...found, why: 'latest', values: { function: name } })];
  const values = { function: name, version: qualifier };
  if (chosen.versions.includes(qualifier)) return [];
  // Versions are numbers; any other name is an alias.
  if (/^\d+$/.test(qualifier))
    return [
      isListUnread(estate, chosen, 'versions')
        ? unknown({ ...found, why: 'versionUnread', values })
        : block({ ...found, why: 'version', values }),
    ];
  if (chosen.aliases === null) return [unknown({ ...found, why: 'alias', values })];
  const alias = chosen.aliases.find((each) => each.name === qualifier);
  if (alias === undefined)
    return [
      isListUnread(estate, chosen, 'aliases')
        ? unknown({ ...found, why: 'alias', values })
        : block({ ...found, why: 'noAlias', values }),
    ];
  return alias.version === '$LATEST'
    ? [warn({ ...found, why: 'aliasOfLatest', values: { function: name, alias: qualifier } })]
    : [];
}

/**
 * Returns the number of CLB triggers that a function may have: its namespace's limit, otherwise the documented default.
 */
function getTriggersMax(estate: Estate, fn: ScfFunction): number {
  const { region, namespace } = fn;
  const account = findAccount(estate, fn).scfAccounts.find((each) => each.region === region);
  const own = account?.namespaces.find((each) => each.name === namespace);
  return own?.clbTriggersMax ?? clbTriggersPerFunctionMax;
}

/** Returns whether a route binds its function newly: each binding is a trigger of the function. */
function binds({ route, rule }: ResolvedRoute<FunctionRoute>): boolean {
  return rule === undefined || !bindsFunction(getRuleState(rule), route.function);
}

/**
 * Checks that a function's triggers, including all that the routes add, fit. One finding for each function, at the
 * first route that doesn't.
 */
function triggerFindings(
  input: CheckInput,
  resolved: ResolvedRoute<FunctionRoute>,
  chosen: ScfFunction,
): readonly Finding[] {
  const isSame = (fn: FunctionChoice) =>
    fn.connectionId === chosen.connectionId &&
    fn.region === chosen.region &&
    fn.namespace === chosen.namespace &&
    fn.name === chosen.name;
  const added = listFunctionRoutes(input).filter((other) => isSame(other.route.function) && binds(other));
  const max = getTriggersMax(input.estate, chosen);
  const name = `${chosen.namespace}/${chosen.name}`;
  const found = { field: routeFieldName(resolved, 'function'), objects: [name] };
  const isFirstBeyond = (existing: number) => added[Math.max(0, max - existing)]?.index === resolved.index;
  const count = chosen.clbTriggerCount + added.length;
  const values = { function: name, count, max, beyond: Math.min(count - max, added.length) };
  if (isFirstBeyond(chosen.clbTriggerCount)) return [block({ ...found, why: 'triggers', values })];
  const { others, span } = input.conditions;
  // One that is bound already is among the function's triggers.
  const countAdded = ({ state, binds: all = [] }: OtherPlan) =>
    state === 'draft'
      ? 0
      : all.filter(
          (each) =>
            isSame(each.function) &&
            !bindsFunction(getRuleState(ruleAt(input.estate, each.rule)), each.function),
        ).length;
  const busiest = findBusiest(others, span, countAdded);
  const planned = busiest.reduce((sum, other) => sum + countAdded(other), 0);
  if (isFirstBeyond(chosen.clbTriggerCount + planned)) {
    const own = { ...found, objects: [name, ...busiest.map(({ id }) => id)] };
    const together = { function: name, count: count + planned, max, planned, plans: busiest.length };
    // Without its own schedule, it can still get one that avoids them.
    const judge = span === null ? warn : block;
    return [judge({ ...own, why: 'triggersPlanned', values: together })];
  }
  // Each of them may be another one of load balancing.
  const odd = countUnread(input.estate, chosen, 'triggers');
  if (odd === 0 || count > max || !isFirstBeyond(chosen.clbTriggerCount + odd)) return [];
  return [unknown({ ...found, why: 'triggersUnread', values: { function: name, count, odd, max } })];
}

/** Checks that billing allows calls: an unpaid function is Active and still answers no request. */
function billingFindings(
  input: CheckInput,
  resolved: ResolvedRoute<FunctionRoute>,
  { namespace, name, availableStatus }: ScfFunction,
): readonly Finding[] {
  const values = { function: `${namespace}/${name}`, status: availableStatus ?? '' };
  const found = { field: routeFieldName(resolved, 'function'), objects: [values.function], values };
  if (availableStatus === null) return [unknown({ ...found, why: 'availability' })];
  const stop = isLedTo(input, resolved) ? block : warn;
  return availableStatus === 'Available' ? [] : [stop({ ...found, why: 'unavailable' })];
}

function findingsOfRoute(input: CheckInput, resolved: ResolvedRoute<FunctionRoute>): readonly Finding[] {
  const { estate } = input;
  const choice = resolved.route.function;
  const name = `${choice.namespace}/${choice.name}`;
  const found = { field: routeFieldName(resolved, 'function'), objects: [name] };
  const chosen = findFunction(estate, choice);
  if (chosen === undefined) {
    const values = { function: name, region: choice.region };
    // A namespace that could not be read has no name to go by.
    const parts = [`scf/${choice.region}/${name}`, `scf/${choice.region}/?`] as const;
    return parts.some((part) => isUnread(estate, part))
      ? [unknown({ ...found, why: 'unread', values })]
      : [block({ ...found, why: 'missing', values })];
  }
  const reasons: Finding[] = [];
  if (chosen.status !== 'Active') {
    reasons.push(block({ ...found, why: 'status', values: { function: name, status: chosen.status } }));
  }
  reasons.push(...qualifierFindings(input, chosen, choice.qualifier, found));
  reasons.push(...billingFindings(input, resolved, chosen), ...triggerFindings(input, resolved, chosen));
  if (reasons.length > 0) return reasons;
  return [pass({ ...found, why: 'pass', values: { function: name, version: choice.qualifier } })];
}

/**
 * Checks that each function exists, is Active and paid for, has the chosen version or alias, and has room for one more
 * CLB trigger.
 */
export const checkFunctionReady: Check = (input) =>
  listFunctionRoutes(input).flatMap((resolved) => findingsOfRoute(input, resolved));
