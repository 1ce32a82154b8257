import type {
  DescribePackageDetailResponse,
  DescribeRecordLineListResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models.js';
import { z } from 'zod';
import type { DnsPlanLines } from '@/lib/estate/account-model';
import type { DnsRecord, DnsZone } from '@/lib/estate/model';
import type { Reader } from './call/caller';
import { type OnOdd, readEach } from './call/pages';
import { listRecords, listZones } from './dnspod/api';
import type { PartTracker } from './part-tracker';

type PlanFacts = Pick<DnsZone, 'minTtlS' | 'sameNameMax'>;

const WirePlan = z.object({
  DomainGrade: z.string(),
  MinTtl: z.number().int().nullish(),
  RecordRoll: z.number().int().nullish(),
});

const PlansAnswer = z.object({ Info: z.array(z.unknown()).nullish() });

/** Converts what each plan allows, by its code in capitals: responses use both forms (`DP_Free`, `DP_FREE`). */
function toPlans(answer: DescribePackageDetailResponse, onOdd: OnOdd): ReadonlyMap<string, PlanFacts> {
  const plans = readEach(WirePlan, PlansAnswer.parse(answer).Info, 'DomainGrade', onOdd);
  return new Map(
    plans.map((plan) => [
      plan.DomainGrade.toUpperCase(),
      { minTtlS: plan.MinTtl ?? null, sameNameMax: plan.RecordRoll ?? null },
    ]),
  );
}

const WireLine = z.object({ Name: z.string(), LineId: z.string() });

const LinesAnswer = z.object({ LineList: z.array(z.unknown()).nullish() });

/** Converts the lines of a plan. */
function toLines(answer: DescribeRecordLineListResponse, onOdd: OnOdd): DnsPlanLines['lines'] {
  const { LineList } = LinesAnswer.parse(answer);
  return readEach(WireLine, LineList, 'LineId', onOdd).map(({ Name: name, LineId: id }) => ({ id, name }));
}

/** Reads what the plans allow, with one call for all. https://cloud.tencent.com/document/api/1427/70489 */
function readPlans(reader: Reader, onOdd: OnOdd) {
  return reader.read(
    { service: 'dnspod', action: 'DescribePackageDetail', region: null, params: null },
    (answer) => toPlans(answer, onOdd),
  );
}

/**
 * Lists the lines that each plan of these zones may use, with one call per plan:
 * https://cloud.tencent.com/document/api/1427/56167.
 */
function listPlanLines(
  reader: Reader,
  zones: readonly DnsZone[],
  onOdd: OnOdd,
): Promise<readonly DnsPlanLines[]> {
  const first = new Map(zones.map(({ grade, name }) => [grade, name]));
  return Promise.all(
    [...first].sort().map(async ([grade, name]) => {
      const params = { Domain: name, DomainGrade: grade };
      const lines = await reader.read(
        { service: 'dnspod', action: 'DescribeRecordLineList', region: null, params },
        (answer) => toLines(answer, onOdd),
      );
      return { grade, lines };
    }),
  );
}

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
