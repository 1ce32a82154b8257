import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding, Fix } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName, ruleName } from '@/lib/preflight/model/routes';
import { configOfRoute } from './route-config';

const { pass, warn, unknown } = createFindings('request-headers', sources.clbTrigger);

/** Returns whether a rule takes only one path: then the function does not need the header. */
function hasFixedPath({ ref }: Pick<ResolvedRoute, 'ref'>): boolean {
  return ref.url.startsWith('=');
}

/** Returns the fix. A custom configuration sets the headers, and plans don't write those. */
function addHeaders({ loadBalancer }: Pick<ResolvedRoute, 'loadBalancer'>): Fix {
  return { label: 'addHeaders', values: { name: loadBalancer.name }, patch: null };
}

/**
 * Checks that functions get the method and path of a request: the event contains them only if a custom configuration
 * adds `X-Method` and `X-Uri`. A function that answers all requests alike does not need them, so this is only a
 * warning.
 */
export const checkRequestHeaders: Check = (input) =>
  listFunctionRoutes(input).map((resolved): Finding => {
    const rule = ruleName(resolved);
    const found = {
      field: routeFieldName(resolved, 'rule'),
      objects: resolved.rule ? [resolved.rule.id] : [],
    };
    const config = configOfRoute(input.estate, resolved);
    if (config === null) return unknown({ ...found, why: 'unread', values: { rule } });
    const { addsMethodHeader: method, addsUriHeader: path } = config;
    if (method && path) return pass({ ...found, why: 'pass', values: { rule } });
    if (hasFixedPath(resolved)) return pass({ ...found, why: 'fixed', values: { rule } });
    const missing = method ? 'path' : path ? 'method' : 'both';
    return warn({ ...found, why: 'missing', values: { rule, missing }, fix: addHeaders(resolved) });
  });
