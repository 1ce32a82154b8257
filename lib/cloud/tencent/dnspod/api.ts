import type {
  DescribeDomainListResponse,
  DescribeRecordListResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models.js';
import { z } from 'zod';
import { toInstant } from '@/lib/cloud/tencent/call/cloud-time';
import { RecordId } from '@/lib/estate/ids';
import type { DnsRecord, DnsZone } from '@/lib/estate/model';
import { CloudError } from '../../errors';
import type { Reader } from '../call/caller';
import { type OnOdd, type Page, readEach, readPages } from '../call/pages';

const WireZone = z.object({
  DomainId: z.number().int(),
  Name: z.string().min(1),
  Status: z.string(),
  DNSStatus: z.string().nullish(),
  Grade: z.string(),
  TagList: z.array(z.object({ TagKey: z.string(), TagValue: z.string() })).nullish(),
});

function isDelegated(status: string | null | undefined): boolean | null {
  if (status === null || status === undefined) return null;
  return status === '';
}

const ZonesAnswer = z.object({
  DomainCountInfo: z.object({ DomainTotal: z.number().int() }),
  DomainList: z.array(z.unknown()).nullish(),
});

/** Converts the zones of the account. `DNSStatus` is empty if the delegation is correct, otherwise `DNSERROR`. */
export function toZones(answer: DescribeDomainListResponse, onOdd?: OnOdd): Page<DnsZone> {
  const wire = ZonesAnswer.parse(answer);
  const items = readEach(WireZone, wire.DomainList, 'Name', onOdd).map(
    (zone): DnsZone => ({
      id: zone.DomainId,
      name: zone.Name,
      enabled: zone.Status === 'ENABLE',
      delegated: isDelegated(zone.DNSStatus),
      grade: zone.Grade,
      minTtlS: null,
      sameNameMax: null,
      tags: Object.fromEntries((zone.TagList ?? []).map(({ TagKey, TagValue }) => [TagKey, TagValue])),
    }),
  );
  return { items, total: wire.DomainCountInfo.DomainTotal, count: wire.DomainList?.length ?? 0 };
}

const WireRecord = z.object({
  RecordId,
  Name: z.string(),
  Type: z.string(),
  Value: z.string(),
  Line: z.string(),
  LineId: z.string(),
  TTL: z.number().int(),
  Weight: z.number().int().nullish(),
  Status: z.string(),
  MonitorStatus: z.string().nullish(),
  UpdatedOn: z.string(),
});

/** Types whose value is a name: DNSPod returns it with a trailing dot, whether or not it was written with one. */
const nameTypes: readonly string[] = ['CNAME', 'NS', 'MX'];

function toRecord(wire: z.infer<typeof WireRecord>, zone: string): DnsRecord {
  return {
    id: wire.RecordId,
    zone,
    subdomain: wire.Name,
    type: wire.Type,
    value: nameTypes.includes(wire.Type) ? wire.Value.replace(/\.$/, '') : wire.Value,
    line: wire.Line,
    lineId: wire.LineId,
    ttlS: wire.TTL,
    weight: wire.Weight || null,
    enabled: wire.Status === 'ENABLE',
    // '' = not monitored: https://cloud.tencent.com/document/api/1427/56166.
    monitored: (wire.MonitorStatus ?? '') !== '',
    updatedAt: toInstant(wire.UpdatedOn),
  };
}

const RecordsAnswer = z.object({
  RecordCountInfo: z.object({ TotalCount: z.number().int() }),
  RecordList: z.array(z.unknown()).nullish(),
});

/**
 * Converts the records of one zone.
 * @throws ZodError when a field that we rely on is not as documented.
 */
export function toRecords(answer: DescribeRecordListResponse, zone: string, onOdd?: OnOdd): Page<DnsRecord> {
  const wire = RecordsAnswer.parse(answer);
  return {
    items: readEach(WireRecord, wire.RecordList, 'RecordId', onOdd).map((record) => toRecord(record, zone)),
    total: wire.RecordCountInfo.TotalCount,
    count: wire.RecordList?.length ?? 0,
  };
}

/** The largest page of both lists. https://cloud.tencent.com/document/api/1427/56166 */
const pageSize = 3000;

/** Lists all zones of the account. */
export function listZones(reader: Reader, onOdd?: OnOdd): Promise<readonly DnsZone[]> {
  return readPages(pageSize, (window) =>
    reader.read(
      { service: 'dnspod', action: 'DescribeDomainList', region: null, params: { Type: 'ALL', ...window } },
      (answer) => toZones(answer, onOdd),
    ),
  );
}

/** Lists all records of a zone, or those of one name in it. No records is a result, not an error. */
export async function listRecords(
  reader: Reader,
  zone: string,
  subdomain?: string,
  onOdd?: OnOdd,
): Promise<readonly DnsRecord[]> {
  const name = subdomain === undefined ? {} : { Subdomain: subdomain };
  try {
    const records = await readPages(pageSize, (window) =>
      reader.read(
        {
          service: 'dnspod',
          action: 'DescribeRecordList',
          region: null,
          params: { Domain: zone, ErrorOnEmpty: 'no', ...name, ...window },
        },
        (answer) => toRecords(answer, zone, onOdd),
      ),
    );
    return subdomain === undefined
      ? records
      : records.filter((record) => record.subdomain.toLowerCase() === subdomain.toLowerCase());
  } catch (cause) {
    if (cause instanceof CloudError && cause.data.code === 'ResourceNotFound.NoDataOfRecord') return [];
    throw cause;
  }
}
