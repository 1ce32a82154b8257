import type { ResolvedRoute } from '@/lib/plan/resolve-route';
import { configOfRoute } from './config-of-route';
import { findingsOf, sources } from './finding';
import type { Check, Finding, Fix } from './model';
import { fieldOf, functionRoutesOf, ruleName } from './routes';

const { pass, warn, unknown } = findingsOf('request-headers', sources.clbTrigger);

/** Whether a rule takes one path alone: then nobody has to tell the function which. */
function hasFixedPath({ ref }: Pick<ResolvedRoute, 'ref'>): boolean {
  return ref.url.startsWith('=');
}

/** The headers are set by a custom configuration, which plans don't write. */
function addHeaders({ loadBalancer }: Pick<ResolvedRoute, 'loadBalancer'>): Fix {
  return { label: 'addHeaders', values: { name: loadBalancer.name }, patch: null };
}

/**
 * Functions learn the method and path of a request: only if a custom configuration adds `X-Method` and `X-Uri`, the event
 * has them nowhere else. A function that answers the same to all can do without, hence no more than a warning.
 */
export const checkRequestHeaders: Check = (input) =>
  functionRoutesOf(input).map((resolved): Finding => {
    const rule = ruleName(resolved);
    const found = { field: fieldOf(resolved, 'rule'), objects: resolved.rule ? [resolved.rule.id] : [] };
    const config = configOfRoute(input.estate, resolved);
    if (config === null) return unknown({ ...found, why: 'unread', values: { rule } });
    const { addsMethodHeader: method, addsUriHeader: path } = config;
    if (method && path) return pass({ ...found, why: 'pass', values: { rule } });
    if (hasFixedPath(resolved)) return pass({ ...found, why: 'fixed', values: { rule } });
    const missing = method ? 'path' : path ? 'method' : 'both';
    return warn({ ...found, why: 'missing', values: { rule, missing }, fix: addHeaders(resolved) });
  });
