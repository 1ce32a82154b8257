import { readTimeoutDefaultS } from '@/lib/estate/facts/limits';
import { findFunction } from '@/lib/estate/look-up';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName, ruleName } from '@/lib/preflight/model/routes';
import { configOfRoute } from './route-config';

const { pass, warn, unknown } = createFindings('function-timeout', sources.customConfig);

/** Checks that a function's timeout is at most that of its load balancer: otherwise the client gets an error first. */
export const checkFunctionTimeout: Check = (input) =>
  listFunctionRoutes(input).flatMap((resolved): Finding[] => {
    const choice = resolved.route.function;
    const chosen = findFunction(input.estate, choice);
    if (chosen === undefined) return [];
    const name = `${chosen.namespace}/${chosen.name}`;
    const found = { field: routeFieldName(resolved, 'function'), objects: [name] };
    const config = configOfRoute(input.estate, resolved);
    const values = { function: name, seconds: chosen.timeoutS, rule: ruleName(resolved) };
    if (config === null) return [unknown({ ...found, why: 'unread', values })];
    const waitS = config.readTimeoutS ?? readTimeoutDefaultS;
    return [
      chosen.timeoutS > waitS
        ? warn({ ...found, why: 'longer', values: { ...values, waitS } })
        : pass({ ...found, why: 'pass', values: { ...values, waitS } }),
    ];
  });
