import { findingsOf, sources } from './finding';
import type { Check, Finding } from './model';
import { fieldOf, functionRoutesOf } from './routes';
import { isLayer7, suggestListener, suggestNewRule } from './suggest';

const { pass, block } = findingsOf('listener-protocol', sources.binding);

/** Checks the protocol: only HTTP and HTTPS listeners take functions, not QUIC, and nothing on layer 4. */
export const checkListenerProtocol: Check = (input) =>
  functionRoutesOf(input).map((route): Finding => {
    const { id, protocol, port } = route.listener;
    const values = { protocol, port };
    const listener = { field: fieldOf(route, 'listenerId'), objects: [id], values };
    if (!isLayer7(route.listener)) {
      return block({ ...listener, why: 'protocol', fix: suggestListener(input, route) });
    }
    if (route.rule?.quic) {
      const fix = suggestListener(input, route) ?? suggestNewRule(input, route);
      const objects = [id, route.rule.id];
      return block({ field: fieldOf(route, 'rule'), objects, why: 'quic', values, fix });
    }
    return pass({ ...listener, why: 'pass' });
  });
