import type {
  DescribeRecordListRequest,
  RecordInfo,
  RecordListItem,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { invariant } from '@/lib/invariant';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldRecord } from '@/lib/sandbox/world/dnspod';
import { action, type WithNull } from '../action';
import { page } from '../paging';
import { findRecord, requireZone } from './find-objects';
import { resolveLine } from './record-fields';

type SingleRecordAnswer = { RecordInfo: WithNull<RecordInfo, 'Weight'> };

/**
 * Returns a record: https://cloud.tencent.com/document/api/1427/56168. It finds a new record at once: only lists lag.
 */
export const describeRecord = action<'dnspod.DescribeRecord', SingleRecordAnswer>((request, context) => {
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
      MonitorStatus: record.monitored ? 'Ok' : '',
      Remark: record.remark,
      UpdatedOn: cloudTime(record.updatedAt),
      DomainId: zone.id,
    },
  };
});

type RecordAnswer = WithNull<RecordListItem, 'Weight'>;
type Answer = { RecordList: RecordAnswer[] };

const sortFields: Readonly<Record<string, (record: WorldRecord) => string | number>> = {
  name: (record) => record.subdomain,
  line: (record) => record.line,
  type: (record) => record.type,
  value: (record) => record.value,
  weight: (record) => record.weight ?? 0,
  mx: (record) => record.mx,
  ttl: (record) => record.ttlS,
  updated_on: (record) => record.updatedAt,
};

export const recordSortFields: readonly string[] = Object.keys(sortFields);

/** Returns records in the order that a request specifies. */
function sortedRecords(
  records: readonly WorldRecord[],
  request: Pick<DescribeRecordListRequest, 'SortField' | 'SortType'>,
): WorldRecord[] {
  if (request.SortField === undefined) return [...records];
  const field = entry(sortFields, request.SortField.toLowerCase());
  invariant(field, 'the value rules let no other field through');
  const direction = request.SortType?.toUpperCase() === 'DESC' ? -1 : 1;
  return records.toSorted((a, b) => {
    const [left, right] = [field(a), field(b)];
    return left === right ? a.id - b.id : left < right ? -direction : direction;
  });
}

/** Returns a record as lists show it. */
function recordAnswer(record: WorldRecord): RecordAnswer {
  return {
    RecordId: record.id,
    Name: record.subdomain,
    Type: record.type,
    Value: record.value,
    Line: record.line,
    LineId: record.lineId,
    TTL: record.ttlS,
    Weight: record.weight,
    MX: record.mx,
    Status: record.enabled ? 'ENABLE' : 'DISABLE',
    MonitorStatus: record.monitored ? 'Ok' : '',
    Remark: record.remark,
    DefaultNS: record.defaultNs,
    UpdatedOn: cloudTime(record.updatedAt),
  };
}

/**
 * Lists records (limit 100 by default, 3000 at most): https://cloud.tencent.com/document/api/1427/56166. An empty
 * result is an error unless `ErrorOnEmpty` is `no`. A new record is found only once it is indexed. There are no groups
 * of records: a request for one finds nothing; for the default one, 0, it finds everything.
 */
export const describeRecordList = action<'dnspod.DescribeRecordList', Answer>((request, context) => {
  const zone = requireZone(context, request);
  const name = (request.SubDomain ?? request.Subdomain)?.toLowerCase();
  const { RecordType: type, RecordLine: line, RecordLineId: lineId, GroupId: group = 0 } = request;
  const keyword = request.Keyword?.toLowerCase() ?? '';
  const wantedLine = line || lineId ? resolveLine(line ?? '', lineId).id : null;
  const found = zone.records.filter(
    (record) =>
      record.indexedAt <= context.now &&
      group === 0 &&
      (!name || record.subdomain.toLowerCase() === name) &&
      (!type || record.type === type.toUpperCase()) &&
      (wantedLine === null || record.lineId === wantedLine) &&
      (record.subdomain.toLowerCase().includes(keyword) || record.value.toLowerCase().includes(keyword)),
  );
  if (found.length === 0 && request.ErrorOnEmpty?.toLowerCase() !== 'no') {
    throw new ApiError('ResourceNotFound.NoDataOfRecord', 'The record list is empty.');
  }
  const shown = page(sortedRecords(found, request), request, { fallback: 100, max: 3000 });
  return {
    RecordCountInfo: {
      SubdomainCount: new Set(found.map((record) => record.subdomain.toLowerCase())).size,
      TotalCount: found.length,
      ListCount: shown.length,
    },
    RecordList: shown.map(recordAnswer),
  };
});
