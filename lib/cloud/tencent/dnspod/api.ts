import type { DnsRecord, DnsZone } from '@/lib/estate/model';
import { CloudError } from '../../errors';
import type { Reader } from '../call/caller';
import { type OnOdd, readPages } from '../call/pages';
import { toRecords, toZones } from './convert';

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
