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
  /** The lag of monitoring, in ms; null = it had no data. */
  readonly lagMs: number | null;
  readonly functions: readonly FunctionUse[];
};
