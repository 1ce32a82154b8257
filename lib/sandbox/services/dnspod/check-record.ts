import { ApiError } from '../../api/api-error';
import type { WorldRecord, WorldZone } from '../../world/dnspod';
import { defaultLineId } from './lines';

/** https://cloud.tencent.com/document/api/1427/56180. */
const ttlMaxS = 604_800;

function refuseIf(broken: boolean, code: string, message: string): void {
  if (broken) throw new ApiError(code, message);
}

function checkNumbers(zone: WorldZone, record: WorldRecord): void {
  refuseIf(
    record.ttlS < zone.minTtlS,
    'LimitExceeded.RecordTtlLimit',
    `The TTL ${record.ttlS} is below ${zone.minTtlS} s, the least of the plan ${zone.grade}.`,
  );
  refuseIf(record.ttlS > ttlMaxS, 'InvalidParameterValue', `The TTL must be between 1 and ${ttlMaxS} s.`);
  const weight = record.weight ?? 0;
  refuseIf(
    weight < 0 || weight > 100,
    'InvalidParameter.InvalidWeight',
    'The weight must be between 0 and 100.',
  );
  refuseIf(
    record.mx < 0 || record.mx > 65_535,
    'InvalidParameter.MxInvalid',
    'The MX must be between 0 and 65535.',
  );
}

/** A CNAME stands alone at its name and line: https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2. */
function conflicts(a: WorldRecord, b: WorldRecord): boolean {
  return a.type !== b.type && (a.type === 'CNAME' || b.type === 'CNAME');
}

/**
 * Checks a record as it would stand in its zone. Only enabled records conflict and count against the plan's limit of
 * records of one name, type and line. Which code a CNAME conflict gives is an assumption.
 * @throws ApiError LimitExceeded.RecordTtlLimit, LimitExceeded.SubdomainRollLimit, InvalidParameter.InvalidWeight,
 * InvalidParameter.MxInvalid, InvalidParameter.DomainRecordExist, FailedOperation.MustAddDefaultLineFirst
 */
export function checkRecord(zone: WorldZone, record: WorldRecord): void {
  checkNumbers(zone, record);
  const name = record.subdomain.toLowerCase();
  const neighbours = zone.records.filter(
    (other) => other.id !== record.id && other.subdomain.toLowerCase() === name,
  );
  const onLine = neighbours.filter((other) => other.lineId === record.lineId);
  refuseIf(
    record.lineId !== defaultLineId && !neighbours.some((other) => other.lineId === defaultLineId),
    'FailedOperation.MustAddDefaultLineFirst',
    `Add a record of ${record.subdomain} on the default line first.`,
  );
  refuseIf(
    onLine.some((other) => other.type === record.type && other.value === record.value),
    'InvalidParameter.DomainRecordExist',
    `The record ${record.subdomain} ${record.type} ${record.value} exists already.`,
  );
  if (!record.enabled) return;
  const enabled = onLine.filter((other) => other.enabled);
  const rival = enabled.find((other) => conflicts(record, other));
  refuseIf(
    rival !== undefined,
    'InvalidParameter.DomainRecordExist',
    `A ${record.type} record of ${record.subdomain} conflicts with the ${rival?.type} record ${rival?.id}.`,
  );
  refuseIf(
    enabled.filter((other) => other.type === record.type).length >= zone.sameNameMax,
    'LimitExceeded.SubdomainRollLimit',
    `The plan ${zone.grade} takes at most ${zone.sameNameMax} records of one name, type and line.`,
  );
}
