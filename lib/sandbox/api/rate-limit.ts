import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRoute, ServiceName } from '@/lib/sandbox/model/dispatch';

/** Requests per second that one account may send of each action. */
type Rates = {
  /** URL of the page that documents the rate. */
  readonly source: string;
  readonly bySecond: number;
  readonly actions: readonly string[];
};

/** The rate of most actions, and of those for which no page shows a figure. */
const commonRate = 20;

const scfPage = 'https://www.tencentcloud.com/document/product/583/17235';
const tagPage = 'https://www.tencentcloud.com/document/product/651/33003';
const dnspodPage = 'https://www.tencentcloud.com/document/api/1157/49025';

/**
 * Actions whose rate differs from the common one. All of CLB have the common one:
 * https://www.tencentcloud.com/document/api/214/33789; so have monitoring
 * (https://cloud.tencent.com/document/api/248/31014) and STS (https://cloud.tencent.com/document/api/1312/66098).
 */
const rates: Partial<Record<ServiceName, readonly Rates[]>> = {
  scf: [
    {
      source: scfPage,
      bySecond: 100,
      actions: ['CreateTrigger', 'DeleteTrigger', 'ListFunctions', 'DeleteFunction'],
    },
    {
      source: 'https://www.tencentcloud.com/document/api/583/18580',
      bySecond: 100,
      actions: ['UpdateFunctionConfiguration'],
    },
    { source: 'https://www.tencentcloud.com/document/api/583/17243', bySecond: 100, actions: ['Invoke'] },
    {
      source: 'https://www.tencentcloud.com/document/api/583/41408',
      bySecond: 10_000,
      actions: ['InvokeFunction'],
    },
  ],
  cvm: [
    {
      source: 'https://cloud.tencent.com/document/api/213/15728',
      bySecond: 40,
      actions: ['DescribeInstances'],
    },
  ],
  vpc: [
    {
      source: 'https://www.tencentcloud.com/document/api/215/15784',
      bySecond: 100,
      actions: ['DescribeSubnets'],
    },
    {
      source: 'https://www.tencentcloud.com/document/api/215/15804',
      bySecond: 100,
      actions: ['DescribeSecurityGroupPolicies'],
    },
  ],
  dnspod: [
    { source: dnspodPage, bySecond: 500, actions: ['CreateRecord', 'ModifyRecord', 'DeleteRecord'] },
    { source: dnspodPage, bySecond: 200, actions: ['DescribeRecord'] },
    { source: dnspodPage, bySecond: 100, actions: ['DescribeRecordList'] },
  ],
  cam: [
    {
      source: 'https://www.tencentcloud.com/document/api/598/44834',
      bySecond: 5,
      actions: ['ListAttachedUserAllPolicies'],
    },
  ],
  tag: [
    { source: tagPage, bySecond: 100, actions: ['DescribeResourceTagsByResourceIds'] },
    { source: tagPage, bySecond: 60, actions: ['DescribeTags'] },
  ],
};

const byAction: ReadonlyMap<string, number> = new Map(
  Object.entries(rates).flatMap(([service, rows]) =>
    rows.flatMap(({ bySecond, actions }) =>
      actions.map((action) => [`${service} ${action}`, bySecond] as const),
    ),
  ),
);

/** Returns the number of requests of an action that one account may send per second. */
export function permittedRate({ service, action }: ApiRoute): number {
  return byAction.get(`${service} ${action}`) ?? commonRate;
}

const secondMs = 1000;

/** The time of a request, on the sandbox's clock and on the machine's, in epoch milliseconds. */
type Moment = { readonly at: number; readonly wallAt: number };

/** The last granted requests of a user, action and region, as many as its rate. */
type Granted = {
  /** A ring buffer: the oldest is at `next` once it is full. */
  readonly moments: Moment[];
  next: number;
  latest: Moment;
};

/**
 * Enforces the rate limit of a user, an action and a region over a sliding second
 * (https://cloud.tencent.com/document/product/1278/109059). Refused requests don't count. A second has passed when it
 * has passed on either clock: clients wait by the machine's clock, which must work while the sandbox's is stopped, and
 * advancing the sandbox's clock manually counts as waiting. Takes constant time for any limit.
 */
export class CallRateLimiter {
  readonly #granted = new Map<string, Granted>();

  /**
   * Counts one request.
   * @param uin of the account or its user
   * @param region empty for services without regions
   * @param now epoch milliseconds of the sandbox's clock; `wallNow`: of the machine's
   * @throws ApiError RequestLimitExceeded
   */
  take(uin: string, route: ApiRoute, region: string, now: number, wallNow = now): void {
    const key = `${uin} ${route.service} ${route.action} ${region}`;
    const rate = permittedRate(route);
    const moment = { at: now, wallAt: wallNow };
    const granted = this.#granted.get(key);
    // After a clock is set back, the recorded times are invalid and must not block new requests.
    if (!granted || now < granted.latest.at || wallNow < granted.latest.wallAt) {
      this.#granted.set(key, { moments: [moment], next: 1 % rate, latest: moment });
      return;
    }
    const oldest = granted.moments[granted.next];
    if (oldest && now - oldest.at < secondMs && wallNow - oldest.wallAt < secondMs) throw limitExceeded(rate);
    granted.moments[granted.next] = moment;
    granted.next = (granted.next + 1) % rate;
    granted.latest = moment;
  }

  reset(): void {
    this.#granted.clear();
  }
}

/** Returns the cloud's refusal of a request above the rate limit. */
export function limitExceeded(rate = 20): ApiError {
  return new ApiError(
    'RequestLimitExceeded',
    `Your current request times equals to \`${rate + 1}\` in a second, which exceeds the frequency limit \`${rate}\` for a second. Please reduce the frequency of calls.`,
  );
}
