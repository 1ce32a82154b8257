import { type EstatePart, isPartlyUnread, isUnread } from './gaps';
import { findFunction } from './look-up';
import type { Estate } from './model';
import type { ObjectRef } from './object';

/** The part of an estate that an object stands in. */
function partOf(ref: ObjectRef): EstatePart {
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
 * The part of an estate that would have to be read to know an object, where it was not: it is a gap, its region is not
 * read, or the cloud did not say how many instances it keeps warm.
 * @returns null where what the estate says of the object is so
 */
export function unreadPartOf(estate: Estate, ref: ObjectRef): EstatePart | null {
  const part = partOf(ref);
  const isOther = ref.kind !== 'recordSet' && !estate.regions.includes(ref.region);
  // What an odd rule or record of theirs is about is not known: it may be the object itself.
  const isOwnList = ref.kind === 'rule' || ref.kind === 'listener' || ref.kind === 'recordSet';
  if (isOther || (isOwnList ? isPartlyUnread : isUnread)(estate, part)) return part;
  if (ref.kind !== 'provisioned') return null;
  const fn = findFunction(estate, ref);
  return fn !== undefined && fn.provisioned === null ? part : null;
}
