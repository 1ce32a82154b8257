import { findingsOf } from './finding';
import { resolvedLanes } from './lanes';
import type { Check, Finding } from './model';

const { pass, block, unknown } = findingsOf('choices', null);

/** Each lane's load balancer, listener and rule are in the estate: else no other check could look at the lane. */
export const checkChoices: Check = (input) =>
  resolvedLanes(input).map(({ prefix, lane }): Finding => {
    if (lane.ok) {
      const { loadBalancer, listener } = lane.value;
      const values = { name: loadBalancer.name, listener: `${listener.protocol}:${listener.port}` };
      const objects = [loadBalancer.id, listener.id];
      return pass({ field: `${prefix}.listenerId`, objects, why: 'pass', values });
    }
    const { field, choice, id } = lane.error;
    const found = { field, objects: [id], values: { choice, id } };
    return lane.error.why === 'unread'
      ? unknown({ ...found, why: 'unread' })
      : block({ ...found, why: 'gone' });
  });
