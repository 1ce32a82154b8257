import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { routeFieldName } from '@/lib/preflight/model/routes';

const { pass, block, unknown } = createFindings(
  'choices',
  'https://cloud.tencent.com/document/api/214/30685',
);

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
