import type { FreezeView, ScheduledCutover } from '@/lib/contract/schedule';
import { listIntervals } from '@/lib/diversion/freeze-times';
import { wholeSpan } from './cutover-spans';
import type { Night, NightSpan } from './nights';

/** A cutover or an occurrence of a change freeze in a night, with the names of all that overlap it. */
export type NightEntry = NightSpan & {
  readonly key: string;
  readonly name: string;
  /** null = a change freeze. */
  readonly cutover: ScheduledCutover | null;
  readonly overlaps: readonly string[];
};

/** Returns the items of a night, in order, each with its overlaps. Freezes do not overlap each other. */
export function listNightEntries(
  night: Night,
  cutovers: readonly ScheduledCutover[],
  freezes: readonly FreezeView[],
): readonly NightEntry[] {
  const isIn = (span: NightSpan) => span.from < night.to && span.to > night.from;
  const entries = [
    ...cutovers.map((cutover) => ({
      key: `${cutover.runId}`,
      name: cutover.name,
      cutover,
      ...wholeSpan(cutover),
    })),
    ...freezes.flatMap(({ id, name, span }) =>
      listIntervals(span, night.from, night.to).map((interval) => ({
        key: `${id} ${interval.from}`,
        name,
        cutover: null,
        ...interval,
      })),
    ),
  ].filter(isIn);
  return entries
    .map((entry) => ({
      ...entry,
      overlaps: entries
        .filter(
          (other) =>
            other !== entry &&
            (other.cutover !== null || entry.cutover !== null) &&
            other.from < entry.to &&
            other.to > entry.from,
        )
        .map(({ name }) => name),
    }))
    .toSorted((a, b) => a.from - b.from || a.to - b.to);
}
