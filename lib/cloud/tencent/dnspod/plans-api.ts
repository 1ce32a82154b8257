import type { DnsPlanLines } from '@/lib/estate/account-model';
import type { DnsZone } from '@/lib/estate/model';
import type { Reader } from '../call/caller';
import { toLines, toPlans } from './convert-plans';

/** Reads what the plans allow, with one call for all. https://cloud.tencent.com/document/api/1427/70489 */
export function readPlans(reader: Reader) {
  return reader.read(
    { service: 'dnspod', action: 'DescribePackageDetail', region: null, params: null },
    toPlans,
  );
}

/**
 * Lists the lines that each plan of these zones may use, with one call per plan:
 * https://cloud.tencent.com/document/api/1427/56167.
 */
export function listPlanLines(reader: Reader, zones: readonly DnsZone[]): Promise<readonly DnsPlanLines[]> {
  const first = new Map(zones.map(({ grade, name }) => [grade, name]));
  return Promise.all(
    [...first].sort().map(async ([grade, name]) => {
      const params = { Domain: name, DomainGrade: grade };
      const lines = await reader.read(
        { service: 'dnspod', action: 'DescribeRecordLineList', region: null, params },
        toLines,
      );
      return { grade, lines };
    }),
  );
}
