import { ApiError } from './api-error';
import type { Route } from './dispatch';

/**
 * Requests a second of one account, action by action. Sources: CLB 20
 * (https://www.tencentcloud.com/document/api/214/33789), CVM 40 (https://cloud.tencent.com/document/api/213/15728),
 * VPC 20 (https://cloud.tencent.com/document/api/215/86509), STS 20, SCF
 * (https://www.tencentcloud.com/document/product/583/17235), DNSPod
 * (https://www.tencentcloud.com/document/api/1157/49025, https://cloud.tencent.com/document/api/1427/83364).
 * Actions without a published figure get 20, the most common one.
 */
const commonRate = 20;
const rates: Readonly<Record<string, number>> = {
  'cvm DescribeInstances': 40,
  'scf ListFunctions': 100,
  'dnspod DescribeRecordList': 100,
  'dnspod CreateRecord': 500,
  'dnspod ModifyRecord': 500,
  'dnspod DeleteRecord': 500,
};

type Bucket = { tokens: number; filledAt: number };

/** A token bucket for each account and action: it holds one second's worth of requests and fills evenly. */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();

  /** Counts one request. @throws ApiError RequestLimitExceeded */
  take(uin: string, { service, action }: Route, nowMs: number): void {
    const rate = rates[`${service} ${action}`] ?? commonRate;
    const key = `${uin} ${service} ${action}`;
    const bucket = this.#buckets.get(key) ?? { tokens: rate, filledAt: nowMs };
    const filled = Math.min(rate, bucket.tokens + (Math.max(0, nowMs - bucket.filledAt) / 1000) * rate);
    const granted = filled >= 1;
    this.#buckets.set(key, { tokens: granted ? filled - 1 : filled, filledAt: nowMs });
    if (!granted) throw limitExceeded(rate);
  }

  reset(): void {
    this.#buckets.clear();
  }
}

/** The cloud's refusal of one request too many. */
export function limitExceeded(rate = commonRate): ApiError {
  return new ApiError(
    'RequestLimitExceeded',
    `Your current request times equals to \`${rate + 1}\` in a second, which exceeds the frequency limit \`${rate}\` for a second. Please reduce the frequency of calls.`,
  );
}
