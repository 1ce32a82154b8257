import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';
import { createRecord, deleteRecord, modifyRecord, modifyRecordStatus } from './change-record';
import { describeDomainList } from './describe-domain-list';
import { describeRecordList } from './describe-record-list';
import { modifyRecordFields } from './modify-record-fields';

export const dnspodActions: Actions = {
  DescribeDomainList: describeDomainList,
  DescribeRecordList: describeRecordList,
  CreateRecord: createRecord,
  ModifyRecord: modifyRecord,
  ModifyRecordFields: modifyRecordFields,
  ModifyRecordStatus: modifyRecordStatus,
  DeleteRecord: deleteRecord,
};

export const dnspodValues: ValueRules = {};
