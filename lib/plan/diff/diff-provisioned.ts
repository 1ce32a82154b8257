import type { FunctionChoice, FunctionRoute } from '@/lib/diversion/route';
import { findFunction } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { ProvisionedRef } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import { getOwner } from '@/lib/estate/owner';
import { setProvisioned } from '@/lib/plan/model/calls';
import type { PlannedChange } from '@/lib/plan/model/change';
import { probeWithinMs } from '@/lib/plan/model/forecast';
import { provisionableVersion } from '@/lib/plan/model/function-choice';

/** Returns the number of instances of a version that are currently requested; null = could not be read. */
function provisionedNow(estate: Estate, ref: ProvisionedRef): number | null {
  const settings = findFunction(estate, ref)?.provisioned;
  if (settings === undefined || settings === null) return null;
  return settings.find(({ qualifier }) => qualifier === ref.qualifier)?.allocated ?? 0;
}

type Wanted = { readonly ref: ProvisionedRef; readonly instances: number };

/** Returns the number of instances of each version that some routes request; the highest request counts. */
function listWanted(estate: Estate, routes: readonly FunctionRoute[]): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const { function: chosen, provisioned } of routes) {
    const choice: FunctionChoice = chosen;
    const version = provisionableVersion(estate, choice);
    if (provisioned === null || version === null) continue;
    const { region, namespace, name } = choice;
    const place = { ...getOwner(choice), region, namespace, name };
    const ref: ProvisionedRef = { kind: 'provisioned', ...place, qualifier: version };
    const key = objectKey(ref).replace('provisioned/', '');
    const instances = Math.max(provisioned, wanted.get(key)?.instances ?? 0);
    wanted.set(key, { ref, instances });
  }
  return wanted;
}

/**
 * Returns the writes that set provisioned concurrency for the functions of some routes, each with a check that the
 * instances are ready. An existing setting is kept if it is high enough.
 * @param all the routes of all names: routes to one version share its instances
 */
export function diffProvisioned(
  estate: Estate,
  routes: readonly FunctionRoute[],
  all: readonly FunctionRoute[] = routes,
): PlannedChange[] {
  const most = listWanted(estate, all);
  return [...listWanted(estate, routes)].flatMap(([name, { ref, instances: own }]): PlannedChange[] => {
    const instances = Math.max(own, most.get(name)?.instances ?? 0);
    const now = provisionedNow(estate, ref) ?? 0;
    if (now >= instances) return [];
    const key = `provisioned.${name}`;
    const { kind: _kind, ...place } = ref;
    const probe = { kind: 'ready', ...place, expect: { instances } } as const;
    return [
      {
        kind: 'write',
        key,
        phase: 'prewarm',
        needs: [],
        object: ref,
        call: setProvisioned(ref, instances),
        inverse: setProvisioned(ref, now),
        before: { kind: 'provisioned', instances: now },
        after: { kind: 'provisioned', instances },
      },
      {
        kind: 'probe',
        key: `${key}.ready`,
        phase: 'prewarm',
        needs: [key],
        probe,
        withinMs: probeWithinMs(probe, 0),
      },
    ];
  });
}
