import { type EstatePart, isPartlyUnread, isUnread } from '@/lib/estate/gaps';
import { findFunction, getRecordSetState, getRuleState, ruleAt } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { noListener, noLoadBalancer } from '@/lib/estate/object-state';
import { isAsWanted } from '@/lib/estate/record-shares';

/** The baseline of an object: as the last applied plan left it, or as an operator has accepted it since. */
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
 * Compares an object with its baseline, by the fields that affect traffic. An unread object, or one read before the
 * write, is inconclusive: it never counts as no drift. A weight that DNSPod has kept is no drift, as long as every
 * record has its share.
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
 * Returns the unread part of an estate that is required to know an object: it is a gap, its region is not synced, or
 * the cloud did not report its number of warm instances.
 * @returns null if the estate's state of the object is reliable
 */
function findUnreadPart(estate: Estate, ref: ObjectRef): EstatePart | null {
  const part = getPart(ref);
  const isOther = ref.kind !== 'recordSet' && !estate.regions.includes(ref.region);
  // An unreadable rule or record may belong to any object, including this one.
  const isOwnList = ref.kind === 'rule' || ref.kind === 'listener' || ref.kind === 'recordSet';
  if (isOther || (isOwnList ? isPartlyUnread : isUnread)(estate, part)) return part;
  if (ref.kind !== 'provisioned') return null;
  const fn = findFunction(estate, ref);
  return fn !== undefined && fn.provisioned === null ? part : null;
}

/** Returns the state of any object in a snapshot. An unread object seems absent: check the gaps. */
export function stateAt(estate: Estate, ref: ObjectRef): ObjectState {
  switch (ref.kind) {
    case 'rule':
      return getRuleState(ruleAt(estate, ref));
    case 'recordSet':
      return getRecordSetState(estate, ref);
    case 'loadBalancer': {
      const same = estate.loadBalancers.filter(
        (lb) => lb.connectionId === ref.connectionId && lb.region === ref.region && lb.name === ref.name,
      );
      const [only] = same;
      if (only === undefined) return noLoadBalancer;
      const isOne = same.length === 1;
      const { network, vpcId } = only;
      return {
        kind: 'loadBalancer',
        count: same.length,
        network: isOne ? network : null,
        vpcId: isOne ? vpcId : null,
      };
    }
    case 'listener': {
      const found = estate.listeners.find(
        (l) => l.loadBalancerId === ref.loadBalancerId && l.port === ref.port && l.protocol === ref.protocol,
      );
      return found === undefined
        ? noListener
        : { kind: 'listener', exists: true, certificateId: found.certificateId };
    }
    case 'provisioned': {
      const settings = findFunction(estate, ref)?.provisioned ?? [];
      const own = settings.find(({ qualifier }) => qualifier === ref.qualifier);
      return { kind: 'provisioned', instances: own?.allocated ?? 0 };
    }
  }
}
