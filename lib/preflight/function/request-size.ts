import { eventMaxMb } from '@/lib/estate/facts/limits';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName, ruleName } from '@/lib/preflight/model/routes';
import { configOfRoute } from './route-config';

const { pass, warn, unknown } = createFindings('request-size', sources.customConfig);

/**
 * Checks that no custom configuration allows bodies that are too large for a function's event. Without one, the load
 * balancer accepts 60 MB. That is only the default, so the finding just states the limit of the event.
 */
export const checkRequestSize: Check = (input) =>
  listFunctionRoutes(input).map((resolved): Finding => {
    const found = {
      field: routeFieldName(resolved, 'rule'),
      objects: resolved.rule ? [resolved.rule.id] : [],
    };
    const values = { rule: ruleName(resolved), max: eventMaxMb };
    const config = configOfRoute(input.estate, resolved);
    if (config === null) return unknown({ ...found, why: 'unread', values });
    const size = config.bodyMaxMb;
    if (size === null) return pass({ ...found, why: 'pass', values });
    return size > eventMaxMb
      ? warn({ ...found, why: 'larger', values: { ...values, size } })
      : pass({ ...found, why: 'fits', values: { ...values, size } });
  });
