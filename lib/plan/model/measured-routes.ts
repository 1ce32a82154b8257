import type { Diversion } from '@/lib/diversion/diversion';
import type { MovedRequests, WrittenAnswers } from '@/lib/estate/bindings/side-routes';
import { getHostName, getRuleState } from '@/lib/estate/look-up';
import type { MeasuredRoute } from '@/lib/estate/measure';
import type { RuleRef, RuleState } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import { toBoundFunction } from '@/lib/plan/model/function-choice';
import type { Plan } from './model';
import type { ResolvedRoute } from './resolve-route';

/** Returns the destination of a diversion's traffic: the gaining side of a Switch, the functions of the other kinds. */
export function movedRoutes(
  diversion: Diversion,
  resolved: readonly ResolvedRoute[],
): readonly MeasuredRoute[] {
  const gaining = diversion.kind === 'switch' ? diversion.toward : 'function';
  return resolved.flatMap(({ route, ref: { kind: _kind, ...place }, rule }) => {
    if (route.to !== gaining) return [];
    if (route.to === 'function') return [{ ...place, functions: [toBoundFunction(route.function)] }];
    return [{ ...place, functions: getRuleState(rule).functions }];
  });
}

/**
 * Returns the routes for which guards query the cloud. For a plan without routes: the rules that it binds a backend to.
 */
export function measuredRoutes({ steps, routes }: Pick<Plan, 'steps' | 'routes'>): readonly MeasuredRoute[] {
  if (routes !== undefined) return routes;
  const last = new Map<string, { readonly ref: RuleRef; readonly after: RuleState }>();
  for (const step of steps) {
    if (step.kind !== 'write' || step.object.kind !== 'rule' || step.after.kind !== 'rule') continue;
    last.set(objectKey(step.object), { ref: step.object, after: step.after });
  }
  return [...last.values()].flatMap(({ ref: { kind: _kind, ...place }, after: { targets, functions } }) =>
    targets.length + functions.length === 0 ? [] : [{ ...place, functions }],
  );
}

/**
 * Returns what an Access or a Split moves of the requests to its names. null for a Switch, whose names move as a whole, and
 * for a plan that restores objects or has no routes.
 * @param plan with all known placeholders replaced
 */
export function movedRequests({ diversion, restores, routes, steps }: Plan): MovedRequests | null {
  if (diversion.kind === 'switch' || restores !== undefined || routes === undefined) return null;
  const answers = new Map<string, WrittenAnswers>();
  for (const step of steps) {
    if (step.kind !== 'write' || step.object.kind !== 'recordSet') continue;
    const { object, before, after } = step;
    if (before.kind !== 'recordSet' || after.kind !== 'recordSet') continue;
    const key = objectKey(object);
    const first = answers.get(key) ?? {
      name: getHostName(object),
      lineId: object.lineId,
      before: before.records.filter(({ enabled }) => enabled),
    };
    answers.set(key, { ...first, after: after.records.filter(({ enabled }) => enabled) });
  }
  return { rules: routes, answers: [...answers.values()] };
}
