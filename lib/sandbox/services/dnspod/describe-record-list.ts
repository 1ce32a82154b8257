import type {
  DescribeRecordListRequest,
  DescribeRecordListResponse,
  RecordListItem,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { ApiError } from '../../api/api-error';
import { cloudTime } from '../../clock';
import type { WorldRecord } from '../../world/dnspod';
import { action, type Changed, type WithNull } from '../action';
import { entry } from '../entry';
import { page } from '../paging';
import { lineOf } from './lines';
import { findZone } from './look-up';

type RecordAnswer = WithNull<RecordListItem, 'Weight'>;
type Answer = Changed<DescribeRecordListResponse, { RecordList: RecordAnswer[] }>;

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

function sorted(records: readonly WorldRecord[], request: DescribeRecordListRequest): WorldRecord[] {
  if (request.SortField === undefined) return [...records];
  const field = entry(sortFields, request.SortField);
  if (!field) {
    throw new ApiError('InvalidParameterValue', `\`SortField\` must be one of ${Object.keys(sortFields)}.`);
  }
  const direction = request.SortType === 'DESC' ? -1 : 1;
  return records.toSorted((a, b) => {
    const [left, right] = [field(a), field(b)];
    return left === right ? a.id - b.id : left < right ? -direction : direction;
  });
}

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
    MonitorStatus: '',
    Remark: record.remark,
    DefaultNS: record.defaultNs,
    UpdatedOn: cloudTime(record.updatedAt),
  };
}

/**
 * https://cloud.tencent.com/document/api/1427/56166 (limit 100 by default, 3000 at most). Nothing found is an error
 * unless `ErrorOnEmpty` is `no`. The real index lags up to 30 s behind a new record; the sandbox's doesn't.
 */
export const describeRecordList = action<DescribeRecordListRequest, Answer>((request, context) => {
  const zone = findZone(context, request);
  const name = (request.SubDomain ?? request.Subdomain)?.toLowerCase();
  const { RecordType: type, RecordLine: line, RecordLineId: lineId, Keyword: keyword = '' } = request;
  const wantedLine = line || lineId ? lineOf(line ?? '', lineId) : null;
  const found = zone.records.filter(
    (record) =>
      (!name || record.subdomain.toLowerCase() === name) &&
      (!type || record.type === type) &&
      (wantedLine === null || record.lineId === wantedLine.lineId) &&
      (record.subdomain.includes(keyword) || record.value.includes(keyword)),
  );
  if (found.length === 0 && request.ErrorOnEmpty !== 'no') {
    throw new ApiError('ResourceNotFound.NoDataOfRecord', 'The record list is empty.');
  }
  const shown = page(sorted(found, request), request, { fallback: 100, max: 3000 });
  return {
    RecordCountInfo: {
      SubdomainCount: new Set(found.map((record) => record.subdomain)).size,
      TotalCount: found.length,
      ListCount: shown.length,
    },
    RecordList: shown.map(recordAnswer),
  };
});
