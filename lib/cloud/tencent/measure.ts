import type { CloudMeasure, MeasuredRoute } from '@/lib/estate/measure';
import type { CloudDeps } from '../deps';
import type { Cloud } from '../port';
import type { Reader } from './caller';
import { provisionedLost, throttles } from './function-measures';
import { errorRate, requestRate, unhealthyTargets } from './load-balancer-measures';
import { unlessForbidden } from './unless-forbidden';

type Read = (reader: Reader, routes: readonly MeasuredRoute[], now: number) => Promise<number | null>;

const reads: Readonly<Record<CloudMeasure, Read>> = {
  errorRate,
  throttles,
  unhealthyTargets,
  provisionedLost,
};

/** Reads measures of routes and listeners; null where there is nothing to measure, or the key may not read it. */
export function createMeasure(
  reader: Reader,
  deps: Pick<CloudDeps, 'now' | 'log'>,
): Pick<Cloud, 'measure' | 'requestRate'> {
  const allowed = unlessForbidden(deps);
  const now = () => deps.now().getTime();
  return {
    measure: (measure, routes) => allowed(measure, () => reads[measure](reader, routes, now())),
    requestRate: (listener) => allowed('requestRate', () => requestRate(reader, listener, now())),
  };
}
