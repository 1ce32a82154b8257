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

/** When a request came, on the sandbox's clock and on the machine's. */
type Moment = { readonly at: number; readonly wallAt: number };

/**
 * Lets no second, wherever it begins, see more than the limit of an account and action. Refused requests don't count.
 * A second has gone by when either clock says so: clients wait by the machine's, which must help where the sandbox's
 * stands still; and a sandbox that is moved on by hand is as good as a client that waited.
 */
export class RateLimiter {
  /** The requests that were let through within the last second, by account and action. */
  readonly #granted = new Map<string, Moment[]>();

  /**
   * Counts one request.
   * @param now epoch milliseconds of the sandbox's clock; `wallNow`: of the machine's
   * @throws ApiError RequestLimitExceeded
   */
  take(uin: string, { service, action }: Route, now: number, wallNow = now): void {
    const rate = rates[`${service} ${action}`] ?? commonRate;
    const key = `${uin} ${service} ${action}`;
    // Times ahead of now come from a clock that was set back since: they must not block what comes.
    const recent = (this.#granted.get(key) ?? []).filter(
      ({ at, wallAt }) => at > now - 1000 && at <= now && wallAt > wallNow - 1000 && wallAt <= wallNow,
    );
    this.#granted.set(key, recent);
    if (recent.length >= rate) throw limitExceeded(rate);
    recent.push({ at: now, wallAt: wallNow });
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
