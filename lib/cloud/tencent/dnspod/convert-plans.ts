import type {
  DescribePackageDetailResponse,
  DescribeRecordLineListResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models.js';
import { z } from 'zod';
import type { DnsPlanLines } from '@/lib/estate/account-model';
import type { DnsZone } from '@/lib/estate/model';

type PlanFacts = Pick<DnsZone, 'minTtlS' | 'sameNameMax'>;

const WirePlans = z.object({
  Info: z
    .array(
      z.object({
        DomainGrade: z.string(),
        MinTtl: z.number().int().nullish(),
        RecordRoll: z.number().int().nullish(),
      }),
    )
    .nullish(),
});

/** Converts what each plan allows, by its code in capitals: responses use both forms (`DP_Free`, `DP_FREE`). */
export function toPlans(answer: DescribePackageDetailResponse): ReadonlyMap<string, PlanFacts> {
  const plans = WirePlans.parse(answer).Info ?? [];
  return new Map(
    plans.map((plan) => [
      plan.DomainGrade.toUpperCase(),
      { minTtlS: plan.MinTtl ?? null, sameNameMax: plan.RecordRoll ?? null },
    ]),
  );
}

const LinesAnswer = z.object({
  LineList: z.array(z.object({ Name: z.string(), LineId: z.string() })).nullish(),
});

/** Converts the lines of a plan. */
export function toLines(answer: DescribeRecordLineListResponse): DnsPlanLines['lines'] {
  const wire = LinesAnswer.parse(answer);
  return (wire.LineList ?? []).map(({ Name: name, LineId: id }) => ({ id, name }));
}
