import { getHostName } from '@/lib/estate/look-up';
import type { ObjectRef } from '@/lib/estate/object';
import type { Footprint } from './covers';

function getDomain(object: ObjectRef): string | null {
  if (object.kind === 'rule') return object.domain;
  return object.kind === 'recordSet' ? getHostName(object) : null;
}

/**
 * Returns what an object that a plan writes touches.
 * @param connectionId the connection of the plan, which has the objects that name none
 */
export function getObjectFootprint(object: ObjectRef, connectionId: string): Footprint {
  const domain = getDomain(object);
  return {
    connections: [object.connectionId ?? connectionId],
    regions: 'region' in object ? [object.region] : [],
    domains: domain === null ? [] : [domain],
  };
}
