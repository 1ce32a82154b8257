import type {
  DescribeRecordTypeRequest,
  DescribeRecordTypeResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { recordTypes } from '@/lib/sandbox/model/dns/record-value';
import { action } from '../action';
import { requirePlan } from './require-plan';

/**
 * Lists record types: https://cloud.tencent.com/document/api/1427/56165. Assumption: every plan has the types of the
 * official example.
 */
export const describeRecordType = action<DescribeRecordTypeRequest, DescribeRecordTypeResponse>((request) => {
  requirePlan(request.DomainGrade);
  return { TypeList: [...recordTypes] };
});
