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
  'dnspod DescribeRecord': 200,
  'dnspod CreateRecord': 500,
  'dnspod ModifyRecord': 500,
  'dnspod DeleteRecord': 500,
};

/** Lets no second, wherever it begins, see more than the limit of an account and action. Refused requests don't count. */
export class RateLimiter {
  /** Times of the requests that were let through within the last second, by account and action. */
  readonly #granted = new Map<string, readonly number[]>();

  /** Counts one request. @throws ApiError RequestLimitExceeded */
  take(uin: string, { service, action }: Route, nowMs: number): void {
    const rate = rates[`${service} ${action}`] ?? commonRate;
    const key = `${uin} ${service} ${action}`;
    // Times ahead of now come from a clock that was set back since: they must not block what comes.
    const recent = (this.#granted.get(key) ?? []).filter((at) => at > nowMs - 1000 && at <= nowMs);
    const isFree = recent.length < rate;
    this.#granted.set(key, isFree ? [...recent, nowMs] : recent);
    if (!isFree) throw limitExceeded(rate);
  }

  reset(): void {
    this.#granted.clear();
  }
}

/** The cloud's refusal of one request too many. */
export function limitExceeded(rate = commonRate): ApiError {
  return new ApiError(
    'RequestLimitExceeded',
    `Your current request times equals to \`${rate + 1}\` in a second, which exceeds the frequency limit \`${rate}\` for a second. Please reduce the frequency of calls.`,
  );
}
