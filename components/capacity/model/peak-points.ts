import type { ChartPoint } from '@/components/charts/time-chart';

/** The values of a curve by step, from second 0 on. */
export type Curve = { readonly key: string; readonly values: Float64Array; readonly stepS: number };

/**
 * Returns the points of a chart with several curves, which may have other steps and other ends. A point has the largest value
 * of its time of each curve, so that no peak is lost; after the end of a curve it has none.
 * @param most the most points
 * @param startMs the instant of second 0
 */
export function peakPoints(
  curves: readonly Curve[],
  { most, startMs }: { readonly most: number; readonly startMs: number },
): readonly ChartPoint[] {
  const untilS = curves.reduce((end, { values, stepS }) => Math.max(end, values.length * stepS), 0);
  // A point is at least one step of each curve, and whole seconds.
  const widthS = Math.max(Math.ceil(untilS / most), ...curves.map(({ stepS }) => stepS));
  return Array.from({ length: Math.ceil(untilS / widthS) }, (_, index) => ({
    at: startMs + index * widthS * 1000,
    values: Object.fromEntries(
      curves.map((curve) => [curve.key, largest(curve, index * widthS, (index + 1) * widthS)]),
    ),
  }));
}

/** Returns the largest value of the steps that begin within a time; null = none does. */
function largest({ values, stepS }: Curve, fromS: number, untilS: number): number | null {
  let most: number | null = null;
  const end = Math.min(values.length, Math.ceil(untilS / stepS));
  for (let step = Math.ceil(fromS / stepS); step < end; step += 1)
    most = Math.max(most ?? Number.NEGATIVE_INFINITY, values[step] ?? 0);
  return most;
}
