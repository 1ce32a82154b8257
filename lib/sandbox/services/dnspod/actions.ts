import { ttlMaxS } from '@/lib/sandbox/model/dns/check-record';
import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Actions } from '../action';
import {
  createRecordAction,
  deleteRecord,
  modifyRecord,
  modifyRecordFields,
  modifyRecordStatus,
} from './change-record';
import {
  describeDomain,
  describeDomainList,
  describePackageDetail,
  domainListTypes,
} from './describe-domains';
import {
  describeRecordLineCategoryList,
  describeRecordLineList,
  describeRecordType,
} from './describe-record-lines';
import { describeRecord, describeRecordList, recordSortFields } from './describe-records';
import { describeDomainFilterList, describeRecordFilterList, domainFilterSortFields } from './filter-lists';
import { batchChanges, describeBatchTask, modifyRecordBatch } from './record-jobs';

export const dnspodActions: Actions = {
  DescribeDomainList: describeDomainList,
  DescribeDomain: describeDomain,
  DescribePackageDetail: describePackageDetail,
  DescribeRecordList: describeRecordList,
  DescribeDomainFilterList: describeDomainFilterList,
  DescribeRecordFilterList: describeRecordFilterList,
  DescribeRecord: describeRecord,
  DescribeRecordLineList: describeRecordLineList,
  DescribeRecordLineCategoryList: describeRecordLineCategoryList,
  DescribeRecordType: describeRecordType,
  CreateRecord: createRecordAction,
  ModifyRecord: modifyRecord,
  ModifyRecordFields: modifyRecordFields,
  ModifyRecordStatus: modifyRecordStatus,
  ModifyRecordBatch: modifyRecordBatch,
  DescribeBatchTask: describeBatchTask,
  DeleteRecord: deleteRecord,
};

/** The largest page of a list unless its API page says otherwise; a larger one is refused. */
const pageMax = 3000;

function pageRules(source: string, max = pageMax): ValueRule[] {
  return [
    { field: 'Limit', range: [1, max], code: 'InvalidParameterValue.LimitInvalid', source },
    { field: 'Offset', range: [0, Number.MAX_SAFE_INTEGER], code: 'InvalidParameter.OffsetInvalid', source },
  ];
}

function recordRules(source: string): ValueRule[] {
  return [
    { field: 'Weight', range: [0, 100], code: 'InvalidParameter.InvalidWeight', source },
    { field: 'MX', range: [0, 65_535], code: 'InvalidParameter.MxInvalid', source },
    { field: 'TTL', range: [1, ttlMaxS], code: 'LimitExceeded.RecordTtlLimit', source },
    { field: 'Status', oneOf: ['ENABLE', 'DISABLE'], ignoreCase: true, source },
    // From the code's own text: no more than 200 characters.
    { field: 'Remark', length: [0, 200], code: 'InvalidParameter.RemarkTooLong', source },
  ];
}

const domainList = 'https://cloud.tencent.com/document/api/1427/56172';
const recordList = 'https://cloud.tencent.com/document/api/1427/56166';
const recordFilterList = 'https://cloud.tencent.com/document/api/1427/88224';
const domainFilterList = 'https://cloud.tencent.com/document/api/1427/88225';
const statusPage = 'https://cloud.tencent.com/document/api/1427/56154';
const batchPage = 'https://cloud.tencent.com/document/api/1427/56156';

export const dnspodValues: ValueRules = {
  DescribeDomainList: [
    { field: 'Type', oneOf: domainListTypes, source: domainList },
    ...pageRules(domainList),
  ],
  DescribeRecordList: [
    { field: 'SortField', oneOf: recordSortFields, ignoreCase: true, source: recordList },
    { field: 'SortType', oneOf: ['ASC', 'DESC'], ignoreCase: true, source: recordList },
    { field: 'ErrorOnEmpty', oneOf: ['yes', 'no'], ignoreCase: true, source: recordList },
    ...pageRules(recordList),
  ],
  DescribeRecordFilterList: [
    { field: 'SortField', oneOf: recordSortFields, ignoreCase: true, source: recordFilterList },
    { field: 'SortType', oneOf: ['ASC', 'DESC'], ignoreCase: true, source: recordFilterList },
    { field: 'RecordStatus[]', oneOf: ['ENABLE', 'DISABLE'], source: recordFilterList },
    ...pageRules(recordFilterList),
  ],
  DescribeDomainFilterList: [
    { field: 'Type', oneOf: ['ALL', 'MINE', 'SHARE', 'RECENT'], source: domainFilterList },
    { field: 'SortField', oneOf: domainFilterSortFields, ignoreCase: true, source: domainFilterList },
    { field: 'SortType', oneOf: ['ASC', 'DESC'], ignoreCase: true, source: domainFilterList },
    { field: 'Status[]', oneOf: ['ENABLE', 'LOCK', 'PAUSE', 'SPAM'], source: domainFilterList },
    ...pageRules(domainFilterList, 5000),
  ],
  CreateRecord: recordRules('https://cloud.tencent.com/document/api/1427/56180'),
  ModifyRecord: recordRules('https://cloud.tencent.com/document/api/1427/56157'),
  ModifyRecordStatus: [
    { field: 'Status', oneOf: ['ENABLE', 'DISABLE'], ignoreCase: true, source: statusPage },
  ],
  ModifyRecordBatch: [
    {
      field: 'RecordIdList',
      items: [1, 5000],
      code: 'InvalidParameter.JobGreaterThanLimit',
      source: batchPage,
    },
    { field: 'Change', oneOf: batchChanges, source: batchPage },
  ],
};
