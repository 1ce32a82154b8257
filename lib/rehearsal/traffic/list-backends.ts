import type { Plan } from '@/lib/plan/model/model';
import type { World } from '@/lib/sandbox/world/world';

/** The functions and servers that requests of a plan's names may go to, sorted. */
export type Backends = { readonly functionKeys: readonly string[]; readonly serverIds: readonly string[] };

/**
 * Returns the functions and servers of the load balancers that a plan is about, and the functions that it binds: before
 * the run and after it.
 */
export function listBackends({ diversion, steps }: Plan, world: World): Backends {
  const places = new Set<string>(diversion.routes.map(({ loadBalancerId }) => loadBalancerId));
  for (const step of steps)
    if (step.kind === 'write' && step.object.kind === 'rule') places.add(step.object.loadBalancerId);
  const functionKeys = new Set<string>();
  const serverIds = new Set<string>();
  for (const account of Object.values(world.accounts))
    for (const { id, region, listeners } of Object.values(account.loadBalancers)) {
      if (!places.has(id)) continue;
      for (const { targets, functions } of listeners.flatMap(({ rules }) => rules)) {
        for (const { instanceId } of targets) serverIds.add(instanceId);
        for (const { namespace, name } of functions) functionKeys.add(`${region}/${namespace}/${name}`);
      }
    }
  for (const route of diversion.routes) {
    if (route.to !== 'function') continue;
    const { region, namespace, name } = route.function;
    functionKeys.add(`${region}/${namespace}/${name}`);
  }
  return { functionKeys: [...functionKeys].toSorted(), serverIds: [...serverIds].toSorted() };
}
