import type { WorldRecord } from '../../world/dnspod';
import { ApiError } from '../api-error';

/** Refuses to change DNSPod's own NS records. @throws ApiError FailedOperation */
export function refuseDefaultNs(record: WorldRecord): void {
  if (!record.defaultNs) return;
  throw new ApiError(
    'FailedOperation',
    `The record ${record.id} is one of DNSPod's own NS records and stays as it is.`,
  );
}
