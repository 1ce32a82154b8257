import type { LoadBalancer } from '@/lib/estate/model';
import type { ObjectRef } from '@/lib/estate/object';
import type { CheckInput } from './model';
import { routeFieldName } from './routes';

function isIn({ id, name, region, connectionId }: LoadBalancer, object: ObjectRef): boolean {
  if (object.kind === 'rule' || object.kind === 'listener') return object.loadBalancerId === id;
  const isNamed = object.kind === 'loadBalancer' && object.name === name && object.region === region;
  return isNamed && object.connectionId === connectionId;
}

/**
 * Returns the existing load balancers that a plan or its rollback writes to, each with the field that chooses it and the
 * first host name that it concerns; null where no route does.
 */
export function writtenBalancers({ before, routes, steps, rollback }: CheckInput) {
  const objects = [...steps, ...rollback].flatMap((step) => (step.kind === 'write' ? [step.object] : []));
  return before.loadBalancers
    .filter((loadBalancer) => objects.some((object) => isIn(loadBalancer, object)))
    .map((loadBalancer) => {
      const route = routes.find((each) => each.loadBalancer.id === loadBalancer.id);
      return {
        loadBalancer,
        field: route === undefined ? null : routeFieldName(route, 'loadBalancerId'),
        hostName: route?.hostName ?? null,
      };
    });
}
