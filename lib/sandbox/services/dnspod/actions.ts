import { ApiError } from '@/lib/sandbox/model/api-error';
import { mayUseLine, ttlMaxS } from '@/lib/sandbox/model/dns/check-record';
import { lines } from '@/lib/sandbox/model/dns/lines';
import { findPlanName } from '@/lib/sandbox/model/dns/plans';
import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import { type Actions, action } from '../action';
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
import { describeRecord, describeRecordList, recordSortFields } from './describe-records';
import { requireZone } from './find-objects';

/**
 * Lists the lines of a plan: https://cloud.tencent.com/document/api/1427/56167. Lines of other carriers' provinces and
 * groups of lines are not in the sandbox: their ids are not published.
 */
const describeRecordLineList = action<'dnspod.DescribeRecordLineList'>((request, context) => {
  requireZone(context, request);
  const grade = findPlanName(request.DomainGrade);
  if (grade === null) {
    throw new ApiError(
      'InvalidParameterValue.DomainGradeInvalid',
      `The parameter \`DomainGrade\` names no plan: ${request.DomainGrade}.`,
    );
  }
  return {
    LineList: lines
      .filter((line) => mayUseLine({ grade }, line.id))
      .map((line) => ({ Name: line.name, LineId: line.id })),
    LineGroupList: [],
  };
});

export const dnspodActions: Actions = {
  DescribeDomainList: describeDomainList,
  DescribeDomain: describeDomain,
  DescribePackageDetail: describePackageDetail,
  DescribeRecordList: describeRecordList,
  DescribeRecord: describeRecord,
  DescribeRecordLineList: describeRecordLineList,
  CreateRecord: createRecordAction,
  ModifyRecord: modifyRecord,
  ModifyRecordFields: modifyRecordFields,
  ModifyRecordStatus: modifyRecordStatus,
  DeleteRecord: deleteRecord,
};

/** Pages of up to 3000 items; larger ones are refused. */
function pageRules(source: string): ValueRule[] {
  return [
    { field: 'Limit', range: [1, 3000], code: 'InvalidParameterValue.LimitInvalid', source },
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
const statusPage = 'https://cloud.tencent.com/document/api/1427/56154';

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
  CreateRecord: recordRules('https://cloud.tencent.com/document/api/1427/56180'),
  ModifyRecord: recordRules('https://cloud.tencent.com/document/api/1427/56157'),
  ModifyRecordStatus: [
    { field: 'Status', oneOf: ['ENABLE', 'DISABLE'], ignoreCase: true, source: statusPage },
  ],
};
