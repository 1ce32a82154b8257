import { ApiError } from '../../api/api-error';
import type { WorldRecord, WorldZone } from '../../world/dnspod';
import type { ActionContext } from '../action';

type ZoneAddress = { Domain: string; DomainId?: number };

/** Finds a zone; the id wins, as the API page says. @throws ApiError InvalidParameterValue.DomainNotExists */
export function findZone({ account }: ActionContext, { Domain: name, DomainId: id }: ZoneAddress): WorldZone {
  const found = Object.values(account.zones).find((zone) =>
    id ? zone.id === id : zone.name === name.toLowerCase(),
  );
  if (!found) {
    throw new ApiError(
      'InvalidParameterValue.DomainNotExists',
      `The domain ${id || name} is not in this account.`,
    );
  }
  return found;
}

/** @throws ApiError InvalidParameter.RecordIdInvalid */
function findRecord(zone: WorldZone, id: number): WorldRecord {
  const found = zone.records.find((record) => record.id === id);
  if (!found) {
    throw new ApiError('InvalidParameter.RecordIdInvalid', `The domain ${zone.name} has no record ${id}.`);
  }
  return found;
}

/**
 * A record that may be changed: DNSPod's own NS records may not. The code is an assumption.
 * @throws ApiError InvalidParameter.RecordIdInvalid, FailedOperation
 */
export function findOwnRecord(zone: WorldZone, id: number): WorldRecord {
  const record = findRecord(zone, id);
  if (record.defaultNs) {
    throw new ApiError(
      'FailedOperation',
      `The record ${id} is one of DNSPod's own NS records and stays as it is.`,
    );
  }
  return record;
}
