import type {
  KeyValue,
  ModifyRecordFieldsRequest,
  ModifyRecordFieldsResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { ApiError } from '../../api/api-error';
import type { WorldRecord } from '../../world/dnspod';
import { action } from '../action';
import { entry } from '../entry';
import { enabledOf, replaceRecord, weightOf } from './change-record';
import { lineOf } from './lines';
import { findOwnRecord, findZone } from './look-up';
import { checkSubdomain, recordValue } from './record-value';

function whole(key: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) {
    throw new ApiError('InvalidParameterValue', `The field \`${key}\` must be a whole number.`);
  }
  return Number(value);
}

/** What each field changes. The value is checked against the type once all fields are in place. */
const changes: Readonly<Record<string, (value: string) => Partial<WorldRecord>>> = {
  sub_domain: (value) => ({ subdomain: checkSubdomain(value || '@') }),
  record_line: (value) => lineOf(value, undefined),
  record_line_id: (value) => lineOf('', value),
  record_type: (value) => ({ type: value }),
  value: (value) => ({ value }),
  ttl: (value) => ({ ttlS: whole('ttl', value) }),
  mx: (value) => ({ mx: whole('mx', value) }),
  status: (value) => ({ enabled: enabledOf(value) }),
  weight: (value) => ({ weight: weightOf(whole('weight', value)) }),
};

function changeOf({ Key: key, Value: value = '' }: KeyValue): Partial<WorldRecord> {
  const change = entry(changes, key);
  if (!change) {
    throw new ApiError(
      'InvalidParameterValue',
      `The field \`${key}\` must be one of ${Object.keys(changes)}.`,
    );
  }
  return change(value);
}

/** https://cloud.tencent.com/document/api/1427/110429. Only the fields that are named change. */
export const modifyRecordFields = action<ModifyRecordFieldsRequest, ModifyRecordFieldsResponse>(
  (request, context) => {
    const zone = findZone(context, request);
    const before = findOwnRecord(zone, request.RecordId);
    if (request.FieldList.length === 0) {
      throw new ApiError('InvalidParameterValue', 'The parameter `FieldList` must not be empty.');
    }
    const changed: WorldRecord = Object.assign({ ...before }, ...request.FieldList.map(changeOf));
    const value = recordValue(changed.type, changed.value);
    replaceRecord(zone, { ...changed, value, updatedAt: context.now }, context);
    return { RecordId: before.id };
  },
);
