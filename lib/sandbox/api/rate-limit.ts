import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRoute } from '@/lib/sandbox/model/dispatch';
import { permittedRate } from './request-rates';

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
 * Ensures that no second, wherever it begins, sees more than the limit of a user, an action and a region
 * (https://cloud.tencent.com/document/product/1278/109059). Refused requests don't count. A second has passed when
 * either clock says so: clients wait by the machine's clock, which must work while the sandbox's is stopped, and a
 * sandbox clock that is advanced by hand counts as a client that waited. Takes the same short time whatever the limit.
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
    // If a clock was set back, earlier times mean nothing and must not block new requests.
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
