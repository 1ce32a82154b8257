import { isDeepStrictEqual } from 'node:util';
import type { CreateRecordRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { ApiError, invalidValue } from '@/lib/sandbox/model/api-error';
import { checkRecord, recordObject } from '@/lib/sandbox/model/dns/check-record';
import { checkSubdomain, recordValue } from '@/lib/sandbox/model/dns/record-value';
import type { WorldRecord, WorldZone } from '../../world/dnspod';
import { type ActionContext, action } from '../action';
import { findOpenZone, findOwnRecord } from './find-objects';
import { fieldChange, isEnabled, recordLine, toWeight } from './record-fields';
import { defaultTtlS } from './zone-facts';

/** Modifies only the named fields of a record: https://cloud.tencent.com/document/api/1427/83364. */
export const modifyRecordFields = action<'dnspod.ModifyRecordFields'>((request, context) => {
  const zone = findOpenZone(context, request);
  const before = findOwnRecord(zone, request.RecordId);
  if (request.FieldList.length === 0) {
    throw invalidValue('The parameter `FieldList` must not be empty.');
  }
  const changes = request.FieldList.map(({ Key: key, Value: value = '' }) => fieldChange(key, value));
  const changed: WorldRecord = Object.assign({ ...before }, ...changes);
  const value = recordValue(changed.type, changed.value);
  const namesWeight = request.FieldList.some(({ Key: key }) => key === 'weight');
  modifyRecordTo(zone, before, { ...changed, value, updatedAt: context.now }, namesWeight, context);
  return { RecordId: before.id };
});

/** Ids of new records start above those of every seed. */
const firstRecordId = 700_000_000;
const hourMs = 3_600_000;

/**
 * Returns the whole record that a request describes; fields that it leaves out get their default, including the weight.
 * @throws ApiError InvalidParameter.MxInvalid for a mail record without a priority, and what its parts throw
 */
function resolveRecord(
  request: CreateRecordRequest,
  given: Pick<WorldRecord, 'id' | 'updatedAt' | 'indexedAt'>,
): WorldRecord {
  const { RecordType: type, RecordLine: line, RecordLineId: lineId, MX: mx } = request;
  if (type === 'MX' && mx === undefined) {
    throw new ApiError('InvalidParameter.MxInvalid', 'A record of the type MX needs the parameter `MX`.');
  }
  return {
    ...given,
    subdomain: checkSubdomain(request.SubDomain || '@'),
    type,
    value: recordValue(type, request.Value),
    ...recordLine(line, lineId),
    ttlS: request.TTL ?? defaultTtlS,
    weight: toWeight(request.Weight),
    mx: mx ?? 0,
    enabled: isEnabled(request.Status ?? 'ENABLE'),
    remark: request.Remark ?? '',
    defaultNs: false,
  };
}

/** Checks a record and replaces the one with its id. @throws ApiError as `checkRecord` */
function replaceRecord(zone: WorldZone, record: WorldRecord, context: ActionContext): void {
  checkRecord(zone, record, context.assumptions.get('dnspod.cnameConflict'));
  zone.records = zone.records.map((other) => (other.id === record.id ? record : other));
  context.applied(recordObject(zone, record));
}

/**
 * Returns the weight of a modified record: an existing weight can't be removed, which is an assumption.
 * @param isNamed whether the request names the weight, or only leaves it out
 * @throws ApiError InvalidParameter.InvalidWeight
 */
function modifiedWeight(
  before: WorldRecord,
  after: WorldRecord,
  isNamed: boolean,
  context: ActionContext,
): number | null {
  const unset = context.assumptions.get('dnspod.unsetWeight');
  if (before.weight === null || after.weight !== null || unset === 'unset') return after.weight;
  if (unset === 'refused' && isNamed) {
    throw new ApiError(
      'InvalidParameter.InvalidWeight',
      `The record ${before.id} has the weight ${before.weight}; a weight can’t be taken off a record.`,
    );
  }
  return before.weight;
}

/**
 * Replaces a record like `replaceRecord`, for modifications that may be counted even without a change.
 * @param namesWeight whether the request names the weight
 * @throws ApiError InvalidParameter.OperationIsTooFrequent, and those of `modifiedWeight` and `checkRecord`
 */
function modifyRecordTo(
  zone: WorldZone,
  before: WorldRecord,
  wanted: WorldRecord,
  namesWeight: boolean,
  context: ActionContext,
): void {
  const after = { ...wanted, weight: modifiedWeight(before, wanted, namesWeight, context) };
  const most = context.assumptions.get('dnspod.unchangedMax');
  if (most === 0) {
    replaceRecord(zone, after, context);
    return;
  }
  const recent = (before.unchangedAt ?? []).filter((time) => time > context.now - hourMs);
  if (recent.length > most) {
    throw new ApiError(
      'InvalidParameter.OperationIsTooFrequent',
      `The record ${after.id} was modified ${recent.length} times within an hour without becoming different; it takes no more until an hour has gone by.`,
    );
  }
  const ignored = { updatedAt: 0, unchangedAt: [] };
  const isSame = isDeepStrictEqual({ ...before, ...ignored }, { ...after, ...ignored });
  replaceRecord(zone, { ...after, unchangedAt: isSame ? [...recent, context.now] : recent }, context);
}

/** https://cloud.tencent.com/document/api/1427/56180. */
export const createRecordAction = action<'dnspod.CreateRecord'>((request, context) => {
  const zone = findOpenZone(context, request);
  const record = resolveRecord(request, {
    id: firstRecordId + context.nextId(),
    updatedAt: context.now,
    indexedAt: context.now + context.assumptions.get('dnspod.indexLagMs'),
  });
  checkRecord(zone, record, context.assumptions.get('dnspod.cnameConflict'));
  zone.records.push(record);
  context.applied(recordObject(zone, record));
  return { RecordId: record.id };
});

/**
 * Modifies a record; of the fields left out, only the remark stays: https://cloud.tencent.com/document/api/1427/56157.
 */
export const modifyRecord = action<'dnspod.ModifyRecord'>((request, context) => {
  const zone = findOpenZone(context, request);
  const before = findOwnRecord(zone, request.RecordId);
  const record = resolveRecord(
    { ...request, Remark: request.Remark ?? before.remark },
    { id: before.id, updatedAt: context.now, indexedAt: before.indexedAt },
  );
  modifyRecordTo(zone, before, record, request.Weight !== undefined, context);
  return { RecordId: record.id };
});

/** https://cloud.tencent.com/document/api/1427/56154. */
export const modifyRecordStatus = action<'dnspod.ModifyRecordStatus'>((request, context) => {
  const zone = findOpenZone(context, request);
  const before = findOwnRecord(zone, request.RecordId);
  const enabled = isEnabled(request.Status);
  replaceRecord(zone, { ...before, enabled, updatedAt: context.now }, context);
  return { RecordId: before.id };
});

/** https://cloud.tencent.com/document/api/1427/56176. */
export const deleteRecord = action<'dnspod.DeleteRecord'>((request, context) => {
  const zone = findOpenZone(context, request);
  const record = findOwnRecord(zone, request.RecordId);
  zone.records = zone.records.filter((other) => other.id !== record.id);
  context.applied(recordObject(zone, record));
  return {};
});
