import { getHostName } from './look-up';
import type { ObjectRef } from './object';

/** Returns the display name of an object that a step touches, in the cloud's own terms. */
export function refName(object: ObjectRef): string {
  switch (object.kind) {
    case 'recordSet':
      return getHostName(object);
    case 'rule':
      return `${object.domain}${object.url} (${object.loadBalancerId})`;
    case 'loadBalancer':
      return `${object.name} (${object.region})`;
    case 'listener':
      return `${object.protocol}:${object.port} (${object.loadBalancerId})`;
    case 'provisioned':
      return `${object.namespace}/${object.name}:${object.qualifier} (${object.region})`;
  }
}
