import { durationText, parseDuration } from '@/components/ui/duration-text';
import type { ActionError } from '@/lib/client/views';
import { Cutover, type Guard, type MissedT0 } from '@/lib/diversion/cutover';
import { type MeasureLags, tooShortGuards } from '@/lib/diversion/guard-lag';
import type { GuardMeasure } from '@/lib/diversion/guards';
import { readWall, type WallClock, wallAt } from '@/lib/diversion/wall-clock';
import { fieldErrors } from '@/lib/input/field-errors';
import { defaultCutover, prewarmLeadS } from '@/lib/plan/default-cutover';
import type { Plan } from '@/lib/plan/model/model';
import type { Policy } from '@/lib/policy/policy';
import { err, ok, type Result } from '@/lib/result';

export type GuardDraft = {
  readonly measure: GuardMeasure;
  readonly limit: string;
  readonly forS: string;
  readonly outcome: Guard['outcome'];
};

/** A cutover while it is being edited: texts that may not be valid yet. */
export type CutoverDraft = {
  readonly zone: string;
  readonly t0: WallClock;
  readonly prewarm: string;
  readonly comesBack: boolean;
  readonly t1: WallClock;
  readonly missed: MissedT0['kind'];
  /** The maximum delay of the divert, if a delay is allowed. */
  readonly late: string;
  readonly guards: readonly GuardDraft[];
};

const minuteMs = 60_000;
/** Time to read the dialog before prewarm begins. */
const readingMs = 5 * minuteMs;
const holdMs = 120 * minuteMs;

const upTo = (at: number, step: number) => Math.ceil(at / step) * step;

export function draftGuard({ measure, limit, forS, outcome }: Guard): GuardDraft {
  return { measure, limit: String(limit), forS: String(forS), outcome };
}

/** Returns the draft's fields for a missed T0. */
export function draftMissed(missedT0: MissedT0): Pick<CutoverDraft, 'missed' | 'late'> {
  const late = missedT0.kind === 'runIfLate' ? durationText(missedT0.withinS) : '5 min';
  return { missed: missedT0.kind, late };
}

/**
 * Returns the draft before anyone has typed anything: soon, for two hours, and the rest from the policy.
 * @param lags as measured with the plan's traffic
 */
export function firstDraft(
  plan: Plan,
  policy: Policy,
  lags: MeasureLags,
  now: number,
  viewerZone: string,
): CutoverDraft {
  const zone = policy.zone ?? viewerZone;
  const leadS = prewarmLeadS(plan, policy);
  const t0 = upTo(now + leadS * 1000 + readingMs, 5 * minuteMs);
  return {
    zone,
    t0: wallAt(t0, zone),
    prewarm: durationText(leadS),
    comesBack: true,
    t1: wallAt(t0 + holdMs, zone),
    ...draftMissed(policy.missedT0),
    guards: defaultCutover(plan, policy, lags).guards.map(draftGuard),
  };
}

/** Returns the draft of a schedule that is to be changed. */
export function draftCutover({ t0, t1, prewarmS, zone, missedT0, guards }: Cutover): CutoverDraft {
  return {
    zone,
    t0: wallAt(Date.parse(t0), zone),
    prewarm: durationText(prewarmS),
    comesBack: t1 !== null,
    t1: wallAt(t1 === null ? Date.parse(t0) + holdMs : Date.parse(t1), zone),
    ...draftMissed(missedT0),
    guards: guards.map(draftGuard),
  };
}

const number = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));

/** Converts the fields for the schema; invalid input becomes NaN. */
export function toMissedPolicy({ missed, late }: Pick<CutoverDraft, 'missed' | 'late'>): object {
  return missed === 'runIfLate'
    ? { kind: missed, withinS: parseDuration(late) ?? Number.NaN }
    : { kind: missed };
}

/** Converts guards in the same way. */
export function toGuards(guards: readonly GuardDraft[]): readonly object[] {
  return guards.map(({ limit, forS, ...rest }) => ({ ...rest, limit: number(limit), forS: number(forS) }));
}

/**
 * The cutover of a draft, or its field errors as the server names them: message keys by paths below `cutover.`.
 * @param lags as the plan's traffic was measured
 */
export function toCutover(draft: CutoverDraft, lags: MeasureLags): Result<Cutover, ActionError['fields']> {
  /** No instant: the kind of what it is instead. */
  const instant = (wall: WallClock) => {
    const reading = readWall(wall, draft.zone);
    return reading.kind === 'instant' ? new Date(reading.at).toISOString() : reading.kind;
  };
  const walls: Readonly<Record<string, WallClock>> = { t0: draft.t0, t1: draft.t1 };
  const parsed = Cutover.safeParse({
    t0: instant(draft.t0),
    prewarmS: parseDuration(draft.prewarm) ?? Number.NaN,
    t1: draft.comesBack ? instant(draft.t1) : null,
    zone: draft.zone,
    missedT0: toMissedPolicy(draft),
    guards: toGuards(draft.guards),
  });
  if (parsed.success) {
    const tooShort = tooShortGuards(parsed.data.guards, lags);
    if (tooShort.length === 0) return ok(parsed.data);
    return err(Object.fromEntries(tooShort.map((place) => [`cutover.guards.${place}.forS`, ['guard.lag']])));
  }
  const below = parsed.error.issues.map(({ path, message }) => {
    const wall = message === 'instant.invalid' ? walls[String(path[0])] : undefined;
    const said = wall === undefined ? message : `instant.${instant(wall)}`;
    return { path: ['cutover', ...path], message: said };
  });
  return err(fieldErrors(below));
}
