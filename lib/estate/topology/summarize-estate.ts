import type { Estate } from '@/lib/estate/model';
import { boundFunctions } from './bound-functions';

/** The counts of an estate, and how current and complete it is. */
export type EstateSummary = Pick<Estate, 'connectionId' | 'takenAt' | 'partsAt' | 'regions' | 'gaps'> & {
  readonly counts: {
    readonly loadBalancers: number;
    readonly listeners: number;
    readonly rules: number;
    readonly functions: number;
    readonly functionsBound: number;
    readonly zones: number;
    readonly records: number;
    readonly recordsOff: number;
  };
};

/** Counts what an estate has. */
export function summarizeEstate(estate: Estate): EstateSummary {
  const { connectionId, takenAt, partsAt, regions, gaps } = estate;
  return {
    connectionId,
    takenAt,
    partsAt,
    regions,
    gaps,
    counts: {
      loadBalancers: estate.loadBalancers.length,
      listeners: estate.listeners.length,
      rules: estate.rules.length,
      functions: estate.functions.length,
      functionsBound: boundFunctions(estate).length,
      zones: estate.zones.length,
      records: estate.records.length,
      recordsOff: estate.records.filter(({ enabled }) => !enabled).length,
    },
  };
}
