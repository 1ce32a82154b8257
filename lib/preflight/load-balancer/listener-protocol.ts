import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';
import { isLayer7, suggestListener, suggestNewRule } from '@/lib/preflight/model/suggest';

const { pass, block } = createFindings('listener-protocol', sources.binding);

/** Checks the protocol: only HTTP and HTTPS listeners take functions, not QUIC, and nothing on layer 4. */
export const checkListenerProtocol: Check = (input) =>
  listFunctionRoutes(input).map((route): Finding => {
    const { id, protocol, port } = route.listener;
    const values = { protocol, port };
    const listener = { field: routeFieldName(route, 'listenerId'), objects: [id], values };
    if (!isLayer7(route.listener)) {
      return block({ ...listener, why: 'protocol', fix: suggestListener(input, route) });
    }
    if (route.rule?.quic) {
      const fix = suggestListener(input, route) ?? suggestNewRule(input, route);
      const objects = [id, route.rule.id];
      return block({ field: routeFieldName(route, 'rule'), objects, why: 'quic', values, fix });
    }
    return pass({ ...listener, why: 'pass' });
  });
