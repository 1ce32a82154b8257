import { siteAnswering } from '@/lib/estate/match-rule';
import type { Plan } from '@/lib/plan/model/model';
import type { WorldRule } from '@/lib/sandbox/world/clb';
import type { World } from '@/lib/sandbox/world/world';
import type { RequestedHost } from './list-hosts';

/** Returns whether rules answer for a host as its own site. */
function names(rules: readonly Pick<WorldRule, 'domain' | 'furtherDomains'>[], host: string): boolean {
  const named = rules.map(({ domain, furtherDomains }) => ({ domains: [domain, ...furtherDomains] }));
  return !['other', 'none'].includes(siteAnswering(named, host));
}

/** The functions and servers that requests of a plan's names may go to, sorted. */
export type Backends = { readonly functionKeys: readonly string[]; readonly serverIds: readonly string[] };

/**
 * Returns the functions and servers of the load balancers that a plan is about, and the functions that it binds: before
 * the run and after it. Functions that serve one of its names on another load balancer belong to them, because DNS may
 * lead clients there.
 */
export function listBackends(
  { diversion, steps }: Plan,
  world: World,
  hosts: readonly Pick<RequestedHost, 'host'>[],
): Backends {
  const places = new Set<string>(diversion.routes.map(({ loadBalancerId }) => loadBalancerId));
  for (const step of steps)
    if (step.kind === 'write' && step.object.kind === 'rule') places.add(step.object.loadBalancerId);
  const functionKeys = new Set<string>();
  const serverIds = new Set<string>();
  for (const account of Object.values(world.accounts))
    for (const { id, region, listeners } of Object.values(account.loadBalancers)) {
      const serving = listeners.filter(
        ({ rules }) => places.has(id) || hosts.some(({ host }) => names(rules, host)),
      );
      for (const { targets, functions } of serving.flatMap(({ rules }) => rules)) {
        if (places.has(id)) for (const { instanceId } of targets) serverIds.add(instanceId);
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
