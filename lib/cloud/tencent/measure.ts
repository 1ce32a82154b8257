import type { CloudMeasure, Measured, MeasuredRoute } from '@/lib/estate/measure';
import type { CloudDeps } from '../deps';
import type { Cloud } from '../port';
import type { Reader } from './call/caller';
import { unlessForbidden } from './call/unless-forbidden';
import { provisionedLost, throttles } from './function-measures';
import { errorRate, requestRate, unhealthyTargets } from './load-balancer-measures';

type Read = (reader: Reader, routes: readonly MeasuredRoute[], now: number) => Promise<Measured>;

const reads: Readonly<Record<CloudMeasure, Read>> = {
  errorRate,
  throttles,
  unhealthyTargets,
  provisionedLost,
};

const unread: Measured = { value: null, lagMs: null };

/** Reads measures of routes and of domains of listeners. */
export function createMeasure(
  reader: Reader,
  deps: Pick<CloudDeps, 'now' | 'log'>,
): Pick<Cloud, 'measure' | 'requestRate'> {
  const allowed = unlessForbidden(deps);
  const now = () => deps.now().getTime();
  return {
    measure: async (measure, routes) =>
      (await allowed(measure, () => reads[measure](reader, routes, now()))) ?? unread,
    requestRate: async (listener) =>
      (await allowed('requestRate', () => requestRate(reader, listener, now()))) ?? unread,
  };
}
