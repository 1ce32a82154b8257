import { createFindings } from './finding';
import type { Check, Finding } from './model';
import { routeFieldName } from './routes';

const { pass, block, unknown } = createFindings('choices', null);

/**
 * Checks that each route's load balancer, listener and rule are in the estate: otherwise no other check could examine
 * the route.
 */
export const checkChoices: Check = ({ routes, problems }) => [
  ...routes.map((route): Finding => {
    const { loadBalancer, listener } = route;
    const values = { name: loadBalancer.name, listener: `${listener.protocol}:${listener.port}` };
    const objects = [loadBalancer.id, listener.id];
    return pass({ field: routeFieldName(route, 'listenerId'), objects, why: 'pass', values });
  }),
  ...problems.map(({ field, choice, id, why }): Finding => {
    const found = { field, objects: [id], values: { choice, id } };
    return why === 'unread' ? unknown({ ...found, why: 'unread' }) : block({ ...found, why: 'gone' });
  }),
];
