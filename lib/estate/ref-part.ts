import { type EstatePart, isPartlyUnread, isUnread } from './gaps';
import { findFunction } from './look-up';
import type { Estate } from './model';
import type { ObjectRef } from './object';

/** Returns the part of an estate that contains an object. */
function getPart(ref: ObjectRef): EstatePart {
  switch (ref.kind) {
    case 'rule':
    case 'listener':
      return `clb/${ref.region}/${ref.loadBalancerId}`;
    case 'loadBalancer':
      return `clb/${ref.region}`;
    case 'recordSet':
      return `dnspod/${ref.zone}`;
    case 'provisioned':
      return `scf/${ref.region}/${ref.namespace}/${ref.name}`;
  }
}

/**
 * Returns the part of an estate that would have to be read to know an object, where it was not read: it is a gap, its
 * region is not synced, or the cloud did not report its number of warm instances.
 * @returns null where the estate's state of the object is reliable
 */
export function findUnreadPart(estate: Estate, ref: ObjectRef): EstatePart | null {
  const part = getPart(ref);
  const isOther = ref.kind !== 'recordSet' && !estate.regions.includes(ref.region);
  // It is unknown which object an unreadable rule or record belongs to: it may be this one.
  const isOwnList = ref.kind === 'rule' || ref.kind === 'listener' || ref.kind === 'recordSet';
  if (isOther || (isOwnList ? isPartlyUnread : isUnread)(estate, part)) return part;
  if (ref.kind !== 'provisioned') return null;
  const fn = findFunction(estate, ref);
  return fn !== undefined && fn.provisioned === null ? part : null;
}
