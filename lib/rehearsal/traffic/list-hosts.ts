import type { Estate } from '@/lib/estate/model';
import type { Plan } from '@/lib/plan/model/model';
import { resolveDiversion } from '@/lib/plan/model/resolve-route';

/** A name that clients send requests to, and what they request. */
export type RequestedHost = {
  readonly host: string;
  readonly port: number;
  /** Paths, of which each gets as many requests. */
  readonly paths: readonly string[];
};

/** Returns a name that a route's domain stands for: `*.example.com` for any below it. */
function toHost(domain: string): string {
  return domain.replace(/^\*\./, 'clients.');
}

/** Returns a path that a rule's URL takes, where the URL itself says it; null for expressions. */
function toPath(url: string): string | null {
  const plain = url.replace(/^(=|\^~)\s*/, '');
  return plain.startsWith('/') ? plain : null;
}

/** The requests to a name that stays on servers, as a part of those to one that moves. Our own choice: enough to show its errors. */
const stayingWeight = 0.05;

/**
 * Returns the usual weights of the names of a plan, for those that differ from 1. The expected peak of a Split is that of its names
 * on functions, as for the checks and for the capacity model, so that its other names get few requests.
 */
export function usualHostWeights({ diversion }: Plan, estate: Estate): Readonly<Record<string, number>> {
  const found = diversion.kind === 'split' ? resolveDiversion(estate, diversion) : null;
  if (!found?.ok) return {};
  const { resolved } = found.value;
  const onFunction = new Set(
    resolved.flatMap(({ hostName, route }) => (route.to === 'function' ? hostName : [])),
  );
  const staying = resolved.flatMap(({ hostName }) => (onFunction.has(hostName) ? [] : toHost(hostName)));
  return onFunction.size === 0 ? {} : Object.fromEntries(staying.map((host) => [host, stayingWeight]));
}

type Requested = { readonly host: string; readonly port: number; readonly path: string };

/** Returns the requests that a plan's probes make. */
function listProbed({ steps, rollback }: Plan): readonly Requested[] {
  return [...steps, ...rollback].flatMap((step) => {
    if (step.kind !== 'probe' || step.probe.kind !== 'http') return [];
    const { host, port, path } = step.probe;
    return [{ host, port, path }];
  });
}

/**
 * Returns what clients request of the names that a plan is about: each of its routes, by the listener and the URL of its
 * rule. A plan that restores objects is about the names that it probes; if it probes none, about all of its routes.
 */
export function listHosts(plan: Plan, estate: Estate): readonly RequestedHost[] {
  const probed = listProbed(plan);
  const isAll = plan.restores === undefined || probed.length === 0;
  const resolved = isAll ? resolveDiversion(estate, plan.diversion) : null;
  const routes = resolved?.ok
    ? resolved.value.resolved.map(({ hostName, listener, ref }): Requested => {
        const host = toHost(hostName);
        const fallback = probed.find((probe) => probe.host === host)?.path ?? '/';
        return { host, port: listener.port, path: toPath(ref.url) ?? fallback };
      })
    : probed;
  const byHost = new Map<string, { readonly port: number; readonly paths: Set<string> }>();
  for (const { host, port, path } of routes.length > 0 ? routes : probed) {
    const known = byHost.get(host) ?? { port, paths: new Set<string>() };
    known.paths.add(path);
    byHost.set(host, known);
  }
  return [...byHost].map(([host, { port, paths }]) => ({ host, port, paths: [...paths] }));
}
