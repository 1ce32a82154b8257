import type { ForecastDeviation } from '@/lib/run/model/forecast/compare-forecast';
import type { ForecastPoint } from '@/lib/run/model/forecast/forecast-points';

/**
 * The origin of a forecast's demand: the newest rehearsal of the plan; the expected peak of the diversion, in the usual
 * shape of an event; or a measured rate that stays as it is, from before T0 or, without one, the first one after it.
 */
export type ForecastSource =
  | { readonly kind: 'rehearsal'; readonly id: string; readonly at: string }
  | { readonly kind: 'expected'; readonly peakRps: number }
  | { readonly kind: 'before' | 'first'; readonly rps: number; readonly at: string };

/** `run.getForecast`: what the capacity model expects of a run. Times are ISO instants. */
export type RunForecastView = {
  readonly now: string;
  /** null = there is no forecast, for the reason in `missing`. */
  readonly source: ForecastSource | null;
  readonly missing: 'notStarted' | 'noDemand' | 'noSnapshot' | 'noFunction' | null;
  /** At most some hundred, oldest first. */
  readonly points: readonly ForecastPoint[];
  /** Of what was measured, by figure. */
  readonly deviations: readonly ForecastDeviation[];
};
