import type { Instance } from '@/lib/estate/model';
import type { AvailabilityZone } from '@/lib/estate/network-model';
import type { Reader } from '../call/caller';
import { type OnOdd, readPages } from '../call/pages';
import { toAvailabilityZones, toInstances } from './convert';

/** The largest page of DescribeInstances. https://cloud.tencent.com/document/api/213/15728 */
const pageSize = 100;

/** Lists all instances of a region. */
export function listInstances(reader: Reader, region: string, onOdd: OnOdd): Promise<readonly Instance[]> {
  return readPages(pageSize, (window) =>
    reader.read({ service: 'cvm', action: 'DescribeInstances', region, params: window }, (answer) =>
      toInstances(answer, region, onOdd),
    ),
  );
}

/** Returns the availability zones of a region. */
export function listAvailabilityZones(
  reader: Reader,
  region: string,
  onOdd: OnOdd,
): Promise<readonly AvailabilityZone[]> {
  return reader.read({ service: 'cvm', action: 'DescribeZones', region, params: null }, (answer) =>
    toAvailabilityZones(answer, region, onOdd),
  );
}
