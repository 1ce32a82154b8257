import type {
  DescribeRecordRequest,
  DescribeRecordResponse,
  RecordInfo,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { cloudTime } from '@/lib/sandbox/world/clock';
import { action, type WithFields, type WithNull } from '../action';
import { findRecord, requireZone } from './find-objects';

type Answer = WithFields<DescribeRecordResponse, { RecordInfo: WithNull<RecordInfo, 'Weight'> }>;

/**
 * Returns a record: https://cloud.tencent.com/document/api/1427/56168. It finds a new record at once: only lists lag.
 */
export const describeRecord = action<DescribeRecordRequest, Answer>((request, context) => {
  const zone = requireZone(context, request);
  const record = findRecord(zone, request.RecordId);
  return {
    RecordInfo: {
      Id: record.id,
      SubDomain: record.subdomain,
      RecordType: record.type,
      RecordLine: record.line,
      RecordLineId: record.lineId,
      Value: record.value,
      Weight: record.weight,
      MX: record.mx,
      TTL: record.ttlS,
      Enabled: record.enabled ? 1 : 0,
      MonitorStatus: '',
      Remark: record.remark,
      UpdatedOn: cloudTime(record.updatedAt),
      DomainId: zone.id,
    },
  };
});
