import type { Diversion } from '@/lib/diversion/diversion';

/** The use of a function's concurrency; null = could not be read. */
export type FunctionUse = {
  /** Its namespace and name. */
  readonly name: string;
  /** The maximum number of busy instances in the last minute. */
  readonly inUse: number | null;
  /** The maximum number of instances. */
  readonly limit: number | null;
  /** The number of warm instances; 0 = none. */
  readonly warm: number | null;
};

/**
 * The traffic of a diversion's names at one time, by side. null: monitoring had no data, because there were no
 * requests, because it lags, or because the key may not read it.
 */
export type TrafficPoint = {
  readonly at: string;
  /** Requests per second. `none`: no rule with such a backend has the names. */
  readonly cvm: number | 'none' | null;
  readonly function: number | 'none' | null;
  /** Share of all these requests with a 5xx response, in %. */
  readonly errorRate: number | null;
  /** The same by side; absent in older points. */
  readonly sideErrors?: { readonly cvm: number | null; readonly function: number | null };
  /**
   * False if some requests are not counted on the side that DNS leads them to, so that the share of the function is not
   * that of the weights; absent in older points.
   */
  readonly areSidesWhole?: boolean;
  /**
   * Of an Access or a Split the requests that it moves, without those to names and paths that stay; null = unknown. Absent
   * for a Switch, whose names move as a whole, and in older points.
   */
  readonly moved?: MovedTraffic | null;
  /** The lag of monitoring, in ms; null = it had no data. */
  readonly lagMs: number | null;
  readonly functions: readonly FunctionUse[];
};

/** The requests that move: to the functions of the routes, and to all other backends (`cvm`), with the 5xx of both, in %. */
type MovedTraffic = Pick<TrafficPoint, 'cvm' | 'function' | 'errorRate'>;

/** Returns a stored point of a diversion: which requests an Access or a Split moves is unknown in older points. */
export function readStoredPoint({ kind }: Pick<Diversion, 'kind'>, point: TrafficPoint): TrafficPoint {
  return kind === 'switch' ? point : { moved: null, ...point };
}

/** Returns the requests that move, which the intended share is a share of; null = unknown. */
export function getMovedTraffic(point: TrafficPoint): MovedTraffic | null {
  return point.moved === undefined ? point : point.moved;
}

/**
 * Returns the end of the measured minute, in epoch ms.
 * @param lagMs where monitoring had no data
 */
export function getMinuteEnd({ at, lagMs: known }: Pick<TrafficPoint, 'at' | 'lagMs'>, lagMs = 0): number {
  return Date.parse(at) - (known ?? lagMs);
}
