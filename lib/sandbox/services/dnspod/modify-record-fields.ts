import type {
  ModifyRecordFieldsRequest,
  ModifyRecordFieldsResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { recordValue } from '@/lib/sandbox/model/dns/record-value';
import type { WorldRecord } from '../../world/dnspod';
import { action } from '../action';
import { modifyRecordTo } from './change-record';
import { findOpenZone, findOwnRecord } from './find-objects';
import { fieldChange } from './record-fields';

/** Modifies only the named fields of a record: https://cloud.tencent.com/document/api/1427/83364. */
export const modifyRecordFields = action<ModifyRecordFieldsRequest, ModifyRecordFieldsResponse>(
  (request, context) => {
    const zone = findOpenZone(context, request);
    const before = findOwnRecord(zone, request.RecordId);
    if (request.FieldList.length === 0) {
      throw new ApiError('InvalidParameterValue', 'The parameter `FieldList` must not be empty.');
    }
    const changes = request.FieldList.map(({ Key: key, Value: value = '' }) => fieldChange(key, value));
    const changed: WorldRecord = Object.assign({ ...before }, ...changes);
    const value = recordValue(changed.type, changed.value);
    const namesWeight = request.FieldList.some(({ Key: key }) => key === 'weight');
    modifyRecordTo(zone, before, { ...changed, value, updatedAt: context.now }, namesWeight, context);
    return { RecordId: before.id };
  },
);
