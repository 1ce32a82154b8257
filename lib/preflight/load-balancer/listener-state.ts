import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { routeFieldName } from '@/lib/preflight/model/routes';

const { pass, block } = createFindings(
  'listener-state',
  'https://cloud.tencent.com/document/api/214/30694#Listener',
);

/** Checks that no listener of the routes was stopped by its owner: a stopped one takes no requests. */
export const checkListenerState: Check = ({ routes }) => {
  const first = new Map(routes.toReversed().map((route) => [route.listener.id, route]));
  return [...first.values()].toReversed().map((route): Finding => {
    const { id, protocol, port, stopped } = route.listener;
    const values = { listener: `${protocol}:${port}`, name: route.loadBalancer.name };
    const found = { field: routeFieldName(route, 'listenerId'), objects: [id], values };
    return stopped ? block({ ...found, why: 'stopped' }) : pass({ ...found, why: 'pass' });
  });
};
