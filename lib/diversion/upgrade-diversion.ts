import { noCreates } from './creates';
import type { Diversion } from './diversion';
import type { CvmRoute, FunctionRoute } from './route';

/** The stored form of Splits and Switches before routes: one lane a side. */
export type LanesDiversion = Pick<Diversion, 'name'> & {
  readonly kind: 'split' | 'switch';
  readonly laneA: Omit<CvmRoute, 'to'>;
  readonly laneB: Omit<FunctionRoute, 'to' | 'provisioned'>;
};

type Added = 'expectedPeakRps' | 'connections' | 'acknowledged';
/** The stored form of diversions before they had a peak and before they could span accounts. */
type EarlierDiversion<D extends Diversion> = D extends Diversion
  ? Omit<D, Added> & Partial<Pick<D, Added>>
  : never;

/** A diversion as it may be stored. */
export type StoredDiversion<D extends Diversion = Diversion> = D | EarlierDiversion<D> | LanesDiversion;

/**
 * Returns a stored diversion in today's shape and keeps what it already contains. Stored data may be broken and is then
 * returned broken; whoever reads it from outside parses the result.
 */
export function upgradeDiversion<D extends Diversion>(stored: StoredDiversion<D>): D {
  if (!('laneA' in stored)) {
    // The later spread wins, so stored values are kept.
    const balancerDefaults = { slaType: '', internet: null, masterZone: null, address: 'domain' as const };
    const defaults = { expectedPeakRps: null, connections: [], acknowledged: [] };
    const creates: Partial<Diversion['creates']> | undefined = stored.creates;
    const loadBalancers = creates?.loadBalancers?.map((made) => ({
      ...balancerDefaults,
      ...made,
    }));
    return {
      ...defaults,
      ...stored,
      ...(loadBalancers && { creates: { ...creates, loadBalancers } }),
    } as unknown as D;
  }
  const { laneA, laneB, ...rest } = stored;
  const routes = [
    { to: 'cvm', ...laneA },
    { to: 'function', ...laneB, provisioned: null },
  ];
  // The kind determines which of the kinds it is, and that did not change.
  const added = {
    creates: noCreates,
    lowerTtlS: null,
    expectedPeakRps: null,
    connections: [],
    acknowledged: [],
  };
  return { ...rest, ...added, routes } as unknown as D;
}
