import { ApiError } from '@/lib/sandbox/model/api-error';
import type { WorldRecord, WorldZone } from '@/lib/sandbox/world/dnspod';
import { refuseDefaultNs } from '../../model/dns/check-record';
import type { ActionContext } from '../action';

type ZoneAddress = { Domain: string; DomainId?: number };

/**
 * Finds a zone; the id takes precedence, as the API page states.
 * @throws ApiError InvalidParameterValue.DomainNotExists, InvalidParameter.DomainIdInvalid
 */
export function requireZone(
  { account }: ActionContext,
  { Domain: name, DomainId: id }: ZoneAddress,
): WorldZone {
  const found = Object.values(account.zones).find((zone) =>
    id ? zone.id === id : zone.name === name.toLowerCase(),
  );
  if (found) return found;
  throw id
    ? new ApiError('InvalidParameter.DomainIdInvalid', `The parameter \`DomainId\` names no domain: ${id}.`)
    : new ApiError('InvalidParameterValue.DomainNotExists', `The domain ${name} is not in this account.`);
}

/** Returns a zone whose records may be changed. @throws ApiError as `findZone`, and FailedOperation.DomainIsLocked */
export function findOpenZone(context: ActionContext, address: ZoneAddress): WorldZone {
  const zone = requireZone(context, address);
  if (zone.locked) {
    throw new ApiError('FailedOperation.DomainIsLocked', `The domain ${zone.name} is locked.`);
  }
  return zone;
}

/** Returns a record by its id. @throws ApiError InvalidParameter.RecordIdInvalid */
export function findRecord(zone: WorldZone, id: number): WorldRecord {
  const found = zone.records.find((record) => record.id === id);
  if (!found) {
    throw new ApiError(
      'InvalidParameter.RecordIdInvalid',
      `The parameter \`RecordId\` names no record of ${zone.name}: ${id}.`,
    );
  }
  return found;
}

/**
 * Returns a record that may be changed: DNSPod's own NS records may not. The code is an assumption.
 * @throws ApiError InvalidParameter.RecordIdInvalid, FailedOperation
 */
export function findOwnRecord(zone: WorldZone, id: number): WorldRecord {
  const record = findRecord(zone, id);
  refuseDefaultNs(record);
  return record;
}
