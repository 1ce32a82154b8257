import type { EstatePart } from '@/lib/estate/gaps';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { isAsWanted } from '@/lib/estate/record-shares';
import { findUnreadPart } from '@/lib/estate/ref-part';
import { stateAt } from '@/lib/estate/state-at';

/** The baseline of an object: as the last applied plan left it, or as a person has accepted it since. */
export type Expectation = {
  readonly object: ObjectRef;
  readonly state: ObjectState;
  /** The time of Spillway's last write to it, as an ISO instant. */
  readonly touchedAt: string;
};

/** The result of comparing an object with its baseline. */
export type ExpectationState =
  | { readonly kind: 'asExpected' }
  | { readonly kind: 'drifted'; readonly found: ObjectState }
  /** The part that contains it could not be read. */
  | { readonly kind: 'unread'; readonly part: EstatePart }
  /** The last sync of the estate was before Spillway's last write to it. */
  | { readonly kind: 'notSynced' };

/**
 * Compares an object with its baseline, as far as traffic can tell the two apart. An unread object, or one read before
 * the write, is inconclusive: it never counts as no drift. A weight that DNSPod has kept is no drift, as long as it
 * leaves every record its share.
 */
export function checkExpectation(
  estate: Estate,
  { object, state, touchedAt }: Expectation,
): ExpectationState {
  const part = findUnreadPart(estate, object);
  if (part !== null) return { kind: 'unread', part };
  const found = stateAt(estate, object);
  if (Date.parse(estate.takenAt) < Date.parse(touchedAt)) return { kind: 'notSynced' };
  return isAsWanted(found, state) ? { kind: 'asExpected' } : { kind: 'drifted', found };
}
