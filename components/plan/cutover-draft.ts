import { durationText, parseDuration } from '@/components/ui/duration-text';
import type { ActionError } from '@/lib/client/views';
import {
  Cutover,
  defaultGuards,
  type Guard,
  type GuardMeasure,
  type MissedT0,
} from '@/lib/diversion/cutover';
import { instantOfWall, type WallClock, wallAt } from '@/lib/diversion/wall-clock';
import type { Plan } from '@/lib/plan/model';
import { err, ok, type Result } from '@/lib/result';
import { phaseForecastMs } from './phase-times';

export type GuardDraft = {
  readonly measure: GuardMeasure;
  readonly limit: string;
  readonly forS: string;
  readonly outcome: Guard['outcome'];
};

/** A cutover as it is typed: texts that may not be right yet. */
export type CutoverDraft = {
  readonly zone: string;
  readonly t0: WallClock;
  readonly prewarm: string;
  readonly comesBack: boolean;
  readonly t1: WallClock;
  readonly missed: MissedT0['kind'];
  /** How late a divert may be, where it may be late. */
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

/** How long prewarm gets unless somebody says otherwise, in seconds: twice its forecast, in whole minutes. */
function prewarmLeadS(plan: Plan): number {
  return Math.max(60, upTo((2 * phaseForecastMs(plan.steps, 'prewarm')) / 1000, 60));
}

/** Where nobody has typed anything yet: soon, for two hours, and never late. */
export function firstDraft(plan: Plan, now: number, zone: string): CutoverDraft {
  const leadS = prewarmLeadS(plan);
  const t0 = upTo(now + leadS * 1000 + readingMs, 5 * minuteMs);
  return {
    zone,
    t0: wallAt(t0, zone),
    prewarm: durationText(leadS),
    comesBack: true,
    t1: wallAt(t0 + holdMs, zone),
    missed: 'skip',
    late: '5 min',
    guards: defaultGuards.map(draftGuard),
  };
}

const number = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));

function missedOf({ missed, late }: CutoverDraft): object {
  return missed === 'runIfLate'
    ? { kind: missed, withinS: parseDuration(late) ?? Number.NaN }
    : { kind: missed };
}

/** The cutover of a draft, or its field errors as the server names them: message keys by paths below `cutover.`. */
export function cutoverOf(draft: CutoverDraft): Result<Cutover, ActionError['fields']> {
  const instant = (wall: WallClock) => {
    const at = instantOfWall(wall, draft.zone);
    return at === null ? 'none' : new Date(at).toISOString();
  };
  const parsed = Cutover.safeParse({
    t0: instant(draft.t0),
    prewarmS: parseDuration(draft.prewarm) ?? Number.NaN,
    t1: draft.comesBack ? instant(draft.t1) : null,
    zone: draft.zone,
    missedT0: missedOf(draft),
    guards: draft.guards.map(({ measure, limit, forS, outcome }) => ({
      measure,
      limit: number(limit),
      forS: number(forS),
      outcome,
    })),
  });
  if (parsed.success) return ok(parsed.data);
  const fields: Record<string, string[]> = {};
  for (const { path, message } of parsed.error.issues) {
    const name = ['cutover', ...path].join('.');
    fields[name] = [...(fields[name] ?? []), message];
  }
  return err(fields);
}
