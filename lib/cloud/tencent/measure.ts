import type { CloudMeasure, MeasuredRoute } from '@/lib/estate/measure';
import type { CloudDeps } from '../deps';
import { CloudError } from '../errors';
import type { Cloud } from '../port';
import type { Reader } from './caller';
import { provisionedLost, throttles } from './function-measures';
import { errorRate, unhealthyTargets } from './load-balancer-measures';

type Read = (reader: Reader, routes: readonly MeasuredRoute[], now: number) => Promise<number | null>;

const reads: Readonly<Record<CloudMeasure, Read>> = {
  errorRate,
  throttles,
  unhealthyTargets,
  provisionedLost,
};

/** Codes of "this key may not do that": https://www.tencentcloud.com/document/product/1140/51177. */
const notAllowed = /^(AuthFailure|UnauthorizedOperation)(\.|$)/;

/**
 * Reads measures of the routes. One that the key may not read counts as unreadable, and is said once in the log: who
 * runs with fewer rights has fewer guards, not a broken run.
 */
export function createMeasure(
  reader: Reader,
  { now, log }: Pick<CloudDeps, 'now' | 'log'>,
): Cloud['measure'] {
  const said = new Set<CloudMeasure>();
  return async (measure, routes) => {
    try {
      return await reads[measure](reader, routes, now().getTime());
    } catch (error) {
      if (!(error instanceof CloudError) || !notAllowed.test(error.data.code)) throw error;
      if (!said.has(measure))
        log.warn({ measure, ...error.data }, 'the key may not read a measure of guards');
      said.add(measure);
      return null;
    }
  };
}
