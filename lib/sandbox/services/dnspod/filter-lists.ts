import type { DescribeRecordFilterListRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { WorldRecord, WorldZone } from '../../world/dnspod';
import { action } from '../action';
import { page } from '../paging';
import { domainCounts, hasTags, type ZoneAnswer, zoneAnswer } from './describe-domains';
import { type RecordAnswer, recordAnswer, recordCounts, sortedRecords } from './describe-records';
import { requireZone } from './find-objects';
import { defaultGroupId, zoneFacts } from './zone-facts';

function within(value: number, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): boolean {
  return value >= from && value <= to;
}

/** Parses a time as the cloud writes it, `2021-05-01 03:00:00`, in China's time. */
function parseTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(`${text.replace(' ', 'T')}+08:00`);
}

function includes(list: readonly string[] | undefined, value: string): boolean {
  return (
    list === undefined || list.length === 0 || list.some((each) => each.toUpperCase() === value.toUpperCase())
  );
}

function nameFits(request: DescribeRecordFilterListRequest, { subdomain }: WorldRecord): boolean {
  const { SubDomain: wanted = '' } = request;
  const [name, part] = [subdomain.toLowerCase(), wanted.toLowerCase()];
  return request.IsExactSubDomain === true && part !== '' ? name === part : name.includes(part);
}

/**
 * Lists records with more conditions than DescribeRecordList: https://cloud.tencent.com/document/api/1427/88224. Names
 * match by a part unless an exact match is requested. An empty result is an error here too (assumption: the code is in
 * the list of the action's codes).
 */
export const describeRecordFilterList = action<
  'dnspod.DescribeRecordFilterList',
  { RecordList: RecordAnswer[] }
>((request, context) => {
  const zone = requireZone(context, request);
  const keyword = request.Keyword?.toLowerCase() ?? '';
  const groups = request.GroupId ?? [];
  const [from, to] = [parseTime(request.UpdatedAtBegin), parseTime(request.UpdatedAtEnd)];
  const found = zone.records.filter(
    (record) =>
      record.indexedAt <= context.now &&
      (groups.length === 0 || groups.map(Number).includes(0)) &&
      nameFits(request, record) &&
      includes(request.RecordType, record.type) &&
      includes(request.RecordLine, record.lineId) &&
      includes(request.RecordStatus, record.enabled ? 'ENABLE' : 'DISABLE') &&
      (!request.RecordValue || record.value.includes(request.RecordValue)) &&
      (!request.Remark || record.remark.includes(request.Remark)) &&
      (request.WeightBegin === undefined && request.WeightEnd === undefined
        ? true
        : record.weight !== null && within(record.weight, request.WeightBegin, request.WeightEnd)) &&
      within(record.mx, request.MXBegin, request.MXEnd) &&
      within(record.ttlS, request.TTLBegin, request.TTLEnd) &&
      within(record.updatedAt, from, to) &&
      (request.ProjectId === undefined || request.ProjectId <= 0) &&
      (record.subdomain.toLowerCase().includes(keyword) || record.value.toLowerCase().includes(keyword)),
  );
  if (found.length === 0) {
    throw new ApiError('ResourceNotFound.NoDataOfRecord', 'The record list is empty.');
  }
  const shown = page(sortedRecords(found, request), request, { fallback: 100, max: 3000 });
  return { RecordCountInfo: recordCounts(found, shown), RecordList: shown.map(recordAnswer) };
});

const domainSortFields: Readonly<Record<string, (zone: WorldZone) => string | number>> = {
  NAME: (zone) => zone.name,
  STATUS: (zone) => (zone.enabled ? 'ENABLE' : 'PAUSE'),
  RECORDS: (zone) => zone.records.length,
  GRADE: (zone) => zoneFacts(zone).plan.level,
  UPDATED_ON: (zone) => zoneFacts(zone).updatedOn,
};

export const domainFilterSortFields: readonly string[] = Object.keys(domainSortFields);

function zoneStatus(zone: WorldZone): string {
  if (zone.locked) return 'LOCK';
  return zone.enabled ? 'ENABLE' : 'PAUSE';
}

/**
 * Lists domains by filters (limit 5000): https://cloud.tencent.com/document/api/1427/88225. Nothing is shared; all
 * zones are in project 0.
 */
export const describeDomainFilterList = action<
  'dnspod.DescribeDomainFilterList',
  { DomainList: ZoneAnswer[] }
>((request, { account }) => {
  const { Type: type, Keyword: keyword = '', GroupId: groups = [], SortField: sortBy } = request;
  const zones = Object.values(account.zones).toSorted((a, b) => a.id - b.id);
  const [from, to] = [parseTime(request.UpdatedAtBegin), parseTime(request.UpdatedAtEnd)];
  const found = zones.filter(
    (zone) =>
      type !== 'SHARE' &&
      (groups.length === 0 || groups.map(Number).includes(defaultGroupId)) &&
      zone.name.includes(keyword.toLowerCase()) &&
      includes(request.Status, zoneStatus(zone)) &&
      includes(request.Package, zone.grade) &&
      (!request.Remark || zone.remark.includes(request.Remark)) &&
      within(zone.records.length, request.RecordCountBegin, request.RecordCountEnd) &&
      within(parseTime(zoneFacts(zone).updatedOn) ?? 0, from, to) &&
      (request.ProjectId === undefined || request.ProjectId <= 0) &&
      hasTags(zone, request.Tags),
  );
  const key = sortBy === undefined ? undefined : domainSortFields[sortBy.toUpperCase()];
  const sign = request.SortType?.toUpperCase() === 'DESC' ? -1 : 1;
  const sorted = key
    ? found.toSorted((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0))
    : found;
  return {
    DomainCountInfo: domainCounts(zones, found),
    DomainList: page(sorted, request, { fallback: 5000, max: 5000 }).map((zone) => zoneAnswer(account, zone)),
  };
});
