import { type CapacityResult, type SeriesName, seriesUnits } from '@/lib/capacity/result';
import { refusalCauses } from '@/lib/capacity/sides/causes';
import { toCsv } from '@/lib/estate/bindings/bindings-csv';

const digits = (value: number) => String(Number(value.toPrecision(6)));
const isSeries = (name: string): name is SeriesName => name in seriesUnits;

/**
 * Formats the series of a result as CSV, one line for each step. Columns are named by series and unit; `time` is there
 * if the scenario has an instant of second 0.
 */
export function seriesCsv({ series, steps, stepS }: CapacityResult, startsAt: string | null): string {
  const names = Object.keys(seriesUnits).filter(isSeries);
  const startMs = startsAt === null ? null : Date.parse(startsAt);
  const header = [
    'seconds',
    ...(startMs === null ? [] : ['time']),
    ...names.map((name) => `${name}_${seriesUnits[name]}`),
    ...refusalCauses.map((cause) => `refused_${cause}_rps`),
  ];
  const rows = Array.from({ length: steps }, (_, step) => [
    digits(step * stepS),
    ...(startMs === null ? [] : [new Date(startMs + step * stepS * 1000).toISOString()]),
    ...names.map((name) => digits(series[name][step] ?? 0)),
    ...refusalCauses.map((cause) => digits(series.refusedBy[cause][step] ?? 0)),
  ]);
  return toCsv([header, ...rows]);
}
