import { noCreates } from './creates';
import type { Diversion } from './diversion';
import type { CvmRoute, FunctionRoute } from './route';

/** How Splits and Switches were stored before routes: one lane a side. */
export type LanesDiversion = Pick<Diversion, 'name'> & {
  readonly kind: 'split' | 'switch';
  readonly laneA: Omit<CvmRoute, 'to'>;
  readonly laneB: Omit<FunctionRoute, 'to' | 'provisioned'>;
};

/** How diversions were stored before a peak was asked for. */
type PeaklessDiversion<D extends Diversion> = D extends Diversion ? Omit<D, 'expectedPeakRps'> : never;

/** A diversion as it may be stored. */
export type StoredDiversion<D extends Diversion = Diversion> = D | PeaklessDiversion<D> | LanesDiversion;

/** A stored diversion in today's shape. Pure; what is in it already comes back as it is. */
export function upgradeDiversion<D extends Diversion>(stored: StoredDiversion<D>): D {
  if (!('laneA' in stored)) {
    // What is spread last wins: a peak that was stored stays.
    return { expectedPeakRps: null, ...stored } as unknown as D;
  }
  const { laneA, laneB, ...rest } = stored;
  const routes = [
    { to: 'cvm', ...laneA },
    { to: 'function', ...laneB, provisioned: null },
  ];
  // The kind decides which of the kinds it is, and that did not change.
  return { ...rest, creates: noCreates, lowerTtlS: null, expectedPeakRps: null, routes } as unknown as D;
}
