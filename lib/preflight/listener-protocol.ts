import { findingsOf, sources } from './finding';
import { functionLaneOf } from './lanes';
import type { Check } from './model';
import { isLayer7, suggestListener, suggestNewRule } from './suggest';

const { pass, block } = findingsOf('listener-protocol', sources.binding);

/** Only HTTP and HTTPS listeners take functions: no QUIC, nothing on layer 4. */
export const checkListenerProtocol: Check = (input) => {
  const lane = functionLaneOf(input);
  if (lane === undefined) return [];
  const { id, protocol, port } = lane.listener;
  const values = { protocol, port };
  if (!isLayer7(lane.listener)) {
    const fix = suggestListener(input, lane);
    return [block({ field: 'laneB.listenerId', objects: [id], why: 'protocol', values, fix })];
  }
  if (lane.rule?.quic) {
    const fix = suggestListener(input, lane) ?? suggestNewRule(input, lane);
    return [block({ field: 'laneB.rule', objects: [id, lane.rule.id], why: 'quic', values, fix })];
  }
  return [pass({ field: 'laneB.listenerId', objects: [id], why: 'pass', values })];
};
