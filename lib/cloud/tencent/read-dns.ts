import type { DnsRecord } from '@/lib/estate/model';
import type { Reader } from './call/caller';
import { listRecords, listZones } from './dnspod/api';
import { listPlanLines, readPlans } from './dnspod/plans-api';
import type { PartTracker } from './part-tracker';

/** Reads all zones and the records of each; null for those of a zone that could not be read. */
export async function readZonesAndRecords(reader: Reader, tracker: PartTracker) {
  const zones = (await tracker.read('dnspod', () => listZones(reader, tracker.odd('dnspod')))) ?? [];
  const records = await Promise.all(
    zones.map(({ name }) =>
      tracker.read(`dnspod/${name}`, () =>
        listRecords(reader, name, undefined, tracker.odd(`dnspod/${name}`)),
      ),
    ),
  );
  return { zones, records };
}

/** Reads all zones with their records, and what their plans allow. */
export async function readDns(reader: Reader, tracker: PartTracker) {
  const { zones, records } = await readZonesAndRecords(reader, tracker);
  const [plans, lines] = await Promise.all([
    zones.length === 0
      ? null
      : tracker.read('dnspod-plans', () => readPlans(reader, tracker.odd('dnspod-plans'))),
    zones.length === 0
      ? null
      : tracker.read('dnspod-lines', () => listPlanLines(reader, zones, tracker.odd('dnspod-lines'))),
  ]);
  return {
    zones: zones.map((zone) => ({ ...zone, ...plans?.get(zone.grade.toUpperCase()) })),
    records: records.flatMap((found): readonly DnsRecord[] => found ?? []),
    lines: lines ?? [],
  };
}
