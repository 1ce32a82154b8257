import type {
  CreateRecordRequest,
  CreateRecordResponse,
  DeleteRecordRequest,
  DeleteRecordResponse,
  ModifyRecordRequest,
  ModifyRecordResponse,
  ModifyRecordStatusRequest,
  ModifyRecordStatusResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { ApiError } from '../../api/api-error';
import type { WorldRecord, WorldZone } from '../../world/dnspod';
import { type ActionContext, action } from '../action';
import { checkRecord } from './check-record';
import { lineOf } from './lines';
import { findOwnRecord, findZone } from './look-up';
import { checkSubdomain, recordValue } from './record-value';

/** What DNSPod gives a record that names none. */
const defaultTtlS = 600;
/** New records begin above the ids of every seed. */
const firstRecordId = 700_000_000;

/** How effects on a record are counted. */
function recordObject(zone: WorldZone, record: WorldRecord): string {
  return `${zone.name}/${record.subdomain}/${record.id}`;
}

/** @throws ApiError InvalidParameterValue */
export function enabledOf(status: string): boolean {
  const wanted = status.toUpperCase();
  if (wanted !== 'ENABLE' && wanted !== 'DISABLE') {
    throw new ApiError('InvalidParameterValue', 'The parameter `Status` must be ENABLE or DISABLE.');
  }
  return wanted === 'ENABLE';
}

/** DNSPod's 0 switches weighting off, which is the same as no weight: it answers null for both. */
export function weightOf(weight: number | undefined): number | null {
  return weight === undefined || weight === 0 ? null : weight;
}

/** The whole record that a request describes; what it leaves out takes its default, the weight too. */
function recordOf(
  request: CreateRecordRequest,
  given: Pick<WorldRecord, 'id' | 'updatedAt' | 'indexedAt'>,
): WorldRecord {
  const { RecordType: type, RecordLine: line, RecordLineId: lineId, MX: mx = 0 } = request;
  return {
    ...given,
    subdomain: checkSubdomain(request.SubDomain || '@'),
    type,
    value: recordValue(type, request.Value),
    ...lineOf(line, lineId),
    ttlS: request.TTL ?? defaultTtlS,
    weight: weightOf(request.Weight),
    mx,
    enabled: enabledOf(request.Status ?? 'ENABLE'),
    remark: request.Remark ?? '',
    defaultNs: false,
  };
}

/** Puts a checked record in the place of the one with its id. */
export function replaceRecord(zone: WorldZone, record: WorldRecord, context: ActionContext): void {
  checkRecord(zone, record);
  zone.records = zone.records.map((other) => (other.id === record.id ? record : other));
  context.applied(recordObject(zone, record));
}

/** https://cloud.tencent.com/document/api/1427/56180. */
export const createRecord = action<CreateRecordRequest, CreateRecordResponse>((request, context) => {
  const zone = findZone(context, request);
  const record = recordOf(request, {
    id: firstRecordId + context.nextId(),
    updatedAt: context.now,
    indexedAt: context.now,
  });
  checkRecord(zone, record);
  zone.records.push(record);
  context.applied(recordObject(zone, record));
  return { RecordId: record.id };
});

/** https://cloud.tencent.com/document/api/1427/56157. The remark alone stays when it is left out. */
export const modifyRecord = action<ModifyRecordRequest, ModifyRecordResponse>((request, context) => {
  const zone = findZone(context, request);
  const before = findOwnRecord(zone, request.RecordId);
  const record = recordOf(
    { ...request, Remark: request.Remark ?? before.remark },
    { id: before.id, updatedAt: context.now, indexedAt: before.indexedAt },
  );
  replaceRecord(zone, record, context);
  return { RecordId: record.id };
});

/** https://cloud.tencent.com/document/api/1427/56154. */
export const modifyRecordStatus = action<ModifyRecordStatusRequest, ModifyRecordStatusResponse>(
  (request, context) => {
    const zone = findZone(context, request);
    const before = findOwnRecord(zone, request.RecordId);
    const enabled = enabledOf(request.Status);
    replaceRecord(zone, { ...before, enabled, updatedAt: context.now }, context);
    return { RecordId: before.id };
  },
);

/** https://cloud.tencent.com/document/api/1427/56176. */
export const deleteRecord = action<DeleteRecordRequest, DeleteRecordResponse>((request, context) => {
  const zone = findZone(context, request);
  const record = findOwnRecord(zone, request.RecordId);
  zone.records = zone.records.filter((other) => other.id !== record.id);
  context.applied(recordObject(zone, record));
  return {};
});
