import type { Diversion } from '@/lib/diversion/diversion';
import { leadsTo } from '@/lib/estate/dns-target';
import { getHostName, getRuleState } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { RuleState } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import type { Probe } from '@/lib/estate/probe';
import type { PlannedChange } from '@/lib/plan/model/change';
import { probeWithinMs } from '@/lib/plan/model/forecast';
import { bindsFunction } from '@/lib/plan/model/function-choice';
import type { Restore } from '@/lib/plan/model/model';
import { type ResolvedRoute, resolveDiversion } from '@/lib/plan/model/resolve-route';
import { routeProbe } from '@/lib/plan/model/route-probe';

/** Returns whether a route's rule matches the diversion's intent: accepted drift may differ. */
function serves({ route }: ResolvedRoute, state: RuleState): boolean {
  return route.to === 'function' ? bindsFunction(state, route.function) : state.targets.length > 0;
}

function probeChange(
  key: string,
  phase: 'prewarm' | 'verify',
  needs: readonly string[],
  probe: Probe,
  oldTtlS: number,
): PlannedChange {
  return { kind: 'probe', key, phase, needs, probe, withinMs: probeWithinMs(probe, oldTtlS) };
}

/** Returns the probe of a name once its records are restored; none if several records may answer. */
function nameProbe({ object, state }: Restore): Probe | null {
  if (object.kind !== 'recordSet' || state.kind !== 'recordSet' || object.lineId !== '0') return null;
  const on = state.records.filter(({ enabled }) => enabled);
  const [only] = on;
  if (only === undefined || on.length > 1 || only.type === 'AAAA') return null;
  const type = only.type === 'CNAME' ? 'CNAME' : 'A';
  return { kind: 'dns', name: getHostName(object), type, expect: { value: only.value } };
}

/** Returns the maximum time for which resolvers may cache an earlier answer, in seconds. */
function oldTtlS(estate: Estate, restores: readonly Restore[]): number {
  const names = new Set(
    restores.flatMap(({ object }) => (object.kind === 'recordSet' ? getHostName(object) : [])),
  );
  return Math.max(
    0,
    ...estate.records.filter((record) => names.has(getHostName(record))).map(({ ttlS }) => ttlS),
  );
}

/**
 * Returns the probes of a restore: the routes of a restored rule or name respond, and names resolve. Routes that no
 * longer exist are reported by the preflight.
 * @param places the writes on rules and functions
 */
export function restoreProofs(
  estate: Estate,
  diversion: Diversion,
  restores: readonly Restore[],
  places: readonly PlannedChange[],
): {
  readonly before: readonly PlannedChange[];
  readonly after: (writes: readonly PlannedChange[]) => readonly PlannedChange[];
} {
  const found = resolveDiversion(estate, diversion);
  const wanted = new Map(restores.map(({ object, state }) => [objectKey(object), state]));
  const routes = (found.ok ? found.value.resolved : []).flatMap((resolved) => {
    const restored = wanted.get(objectKey(resolved.ref));
    const state = restored?.kind === 'rule' ? restored : getRuleState(resolved.rule);
    const probe = routeProbe(resolved);
    if (probe === undefined || !serves(resolved, state)) return [];
    return [{ resolved, probe, isRule: restored !== undefined }];
  });
  const isLed = ({ hostName, loadBalancer }: ResolvedRoute) =>
    restores.some(
      ({ object, state }) =>
        object.kind === 'recordSet' &&
        state.kind === 'recordSet' &&
        getHostName(object) === hostName &&
        state.records.some((record) => record.enabled && leadsTo(record, loadBalancer)),
    );
  const ttlS = oldTtlS(estate, restores);
  const early = places
    .filter(({ phase, kind }) => phase === 'prewarm' && kind === 'write')
    .map(({ key }) => key);
  const before = routes.flatMap(({ resolved: { index, ref }, probe, isRule }) => {
    const own = places.filter(
      (change) =>
        change.kind === 'write' && change.phase === 'prewarm' && objectKey(change.object) === objectKey(ref),
    );
    return isRule && own.length > 0 ? [probeChange(`r${index}.prewarm`, 'prewarm', early, probe, 0)] : [];
  });
  const after = (writes: readonly PlannedChange[]): readonly PlannedChange[] => {
    const needs = writes.map(({ key }) => key);
    const names = restores.flatMap((restore, nth): PlannedChange[] => {
      const probe = nameProbe(restore);
      return probe === null ? [] : [probeChange(`dns${nth + 1}`, 'verify', needs, probe, ttlS)];
    });
    const answers = routes
      .filter(({ resolved, isRule }) => isRule || isLed(resolved))
      .map(({ resolved: { index }, probe }) =>
        probeChange(`r${index}.verify`, 'verify', [...needs, ...names.map(({ key }) => key)], probe, ttlS),
      );
    return [...names, ...answers];
  };
  return { before, after };
}
