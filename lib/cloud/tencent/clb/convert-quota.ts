import type { DescribeQuotaResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models.js';
import { z } from 'zod';
import type { ClbQuota } from '@/lib/estate/account-model';
import { list } from './wire';

const WireQuotas = z.object({
  QuotaSet: list(z.object({ QuotaId: z.string(), QuotaLimit: z.number().int() })),
});

/**
 * Converts the quotas of a region; null for one that is missing. Names:
 * https://cloud.tencent.com/document/api/214/30694#Quota
 */
export function toClbQuota(answer: DescribeQuotaResponse, region: string): ClbQuota {
  const { QuotaSet: quotas } = WireQuotas.parse(answer);
  const findLimit = (id: string) => quotas.find((quota) => quota.QuotaId === id)?.QuotaLimit ?? null;
  return {
    region,
    listenersPerLoadBalancer: findLimit('TOTAL_LISTENER_QUOTA'),
    rulesPerListener: findLimit('TOTAL_LISTENER_RULE_QUOTA'),
    targetsPerRule: findLimit('TOTAL_TARGET_BIND_QUOTA'),
    publicLoadBalancers: findLimit('TOTAL_OPEN_CLB_QUOTA'),
    internalLoadBalancers: findLimit('TOTAL_INTERNAL_CLB_QUOTA'),
  };
}
