import type { EstatePart } from '@/lib/estate/gaps';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { isAsWanted } from '@/lib/estate/record-shares';
import { unreadPartOf } from '@/lib/estate/ref-part';
import { stateAt } from '@/lib/estate/state-at';

/** What an object is to be like: as the last applied plan left it, or as somebody has adopted it since. */
export type Expectation = {
  readonly object: ObjectRef;
  readonly state: ObjectState;
  /** When Spillway has written to it last, as an ISO instant. */
  readonly touchedAt: string;
};

/** How an object stands to what is expected of it. */
export type Standing =
  | { readonly kind: 'asExpected' }
  | { readonly kind: 'drifted'; readonly found: ObjectState }
  /** The part that it stands in could not be read. */
  | { readonly kind: 'unread'; readonly part: EstatePart }
  /** The estate was read before Spillway's last write to it. */
  | { readonly kind: 'notLookedAt' };

/**
 * Compares an object with what is expected of it, as far as traffic can tell the two apart. What could not be read, or was
 * read before the write, says nothing: that is never taken for no drift. A weight that DNSPod has kept is none either, as long
 * as it leaves every record its share.
 */
export function standingOf(estate: Estate, { object, state, touchedAt }: Expectation): Standing {
  const part = unreadPartOf(estate, object);
  if (part !== null) return { kind: 'unread', part };
  const found = stateAt(estate, object);
  if (Date.parse(estate.takenAt) < Date.parse(touchedAt)) return { kind: 'notLookedAt' };
  return isAsWanted(found, state) ? { kind: 'asExpected' } : { kind: 'drifted', found };
}
