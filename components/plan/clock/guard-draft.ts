import { durationText, parseDuration } from '@/components/ui/duration-text';
import type { Guard, GuardMeasure, MissedT0 } from '@/lib/diversion/cutover';

/** A guard while it is being edited: texts that may not be valid yet. */
export type GuardDraft = {
  readonly measure: GuardMeasure;
  readonly limit: string;
  readonly forS: string;
  readonly outcome: Guard['outcome'];
};

/** The response to a missed T0 while it is being edited. */
export type MissedDraft = {
  readonly missed: MissedT0['kind'];
  /** The maximum delay of the divert, if a delay is allowed. */
  readonly late: string;
};

export function draftGuard({ measure, limit, forS, outcome }: Guard): GuardDraft {
  return { measure, limit: String(limit), forS: String(forS), outcome };
}

/** Returns the draft's fields for a missed T0. */
export function draftMissed(missedT0: MissedT0): MissedDraft {
  const late = missedT0.kind === 'runIfLate' ? durationText(missedT0.withinS) : '5 min';
  return { missed: missedT0.kind, late };
}

const number = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));

/** Converts the fields for the schema; invalid input becomes NaN. */
export function toMissedPolicy({ missed, late }: MissedDraft): object {
  return missed === 'runIfLate'
    ? { kind: missed, withinS: parseDuration(late) ?? Number.NaN }
    : { kind: missed };
}

/** Converts guards in the same way. */
export function toGuards(guards: readonly GuardDraft[]): readonly object[] {
  return guards.map(({ limit, forS, ...rest }) => ({ ...rest, limit: number(limit), forS: number(forS) }));
}
