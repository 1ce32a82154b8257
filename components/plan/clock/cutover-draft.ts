import { durationText, parseDuration } from '@/components/ui/duration-text';
import type { ActionError } from '@/lib/contract/answer';
import { Cutover, defaultReadyPolicy, type ReadyPolicy } from '@/lib/diversion/cutover';
import {
  type FigureSources,
  findUnreadReason,
  type MeasureLags,
  tooShortGuards,
} from '@/lib/diversion/guard-lag';
import { readWall, type WallClock, wallAt } from '@/lib/diversion/wall-clock';
import { fieldErrors } from '@/lib/input/field-errors';
import { defaultCutover, prewarmLeadS } from '@/lib/plan/default-cutover';
import type { Plan } from '@/lib/plan/model/model';
import type { Policy } from '@/lib/policy/policy';
import { err, ok, type Result } from '@/lib/result';
import {
  draftGuard,
  draftMissed,
  type GuardDraft,
  type MissedDraft,
  toGuards,
  toMissedPolicy,
} from './guard-draft';

/** A cutover while it is being edited: texts that may not be valid yet. */
export type CutoverDraft = MissedDraft & {
  readonly zone: string;
  readonly t0: WallClock;
  readonly prewarm: string;
  readonly comesBack: boolean;
  readonly t1: WallClock;
  readonly guards: readonly GuardDraft[];
  /** null = the plan keeps no instances warm. */
  readonly readiness: ReadinessDraft | null;
};

/** The policy for instances that are not ready at T0 while it is being edited. */
export type ReadinessDraft = {
  readonly percent: string;
  readonly wait: string;
  readonly otherwise: ReadyPolicy['otherwise'];
};

function draftReadiness(
  plan: Pick<Plan, 'steps'>,
  { percent, waitS, otherwise }: ReadyPolicy,
): ReadinessDraft | null {
  const hasWarm = plan.steps.some((step) => step.kind === 'probe' && step.probe.kind === 'ready');
  return hasWarm ? { percent: String(percent), wait: durationText(waitS), otherwise } : null;
}

/** Converts the fields for the schema; invalid input becomes NaN. */
const toReadiness = ({ percent, wait, otherwise }: ReadinessDraft) => ({
  percent: percent.trim() === '' ? Number.NaN : Number(percent),
  waitS: parseDuration(wait) ?? Number.NaN,
  otherwise,
});

const minuteMs = 60_000;
/** Time to read the dialog before prewarm begins. */
const readingMs = 5 * minuteMs;
const holdMs = 120 * minuteMs;

const upTo = (at: number, step: number) => Math.ceil(at / step) * step;

/**
 * Returns the initial draft: soon, for two hours, and otherwise from the diversion and the policy.
 * @param lags as measured with the plan's traffic
 */
export function firstDraft(
  plan: Pick<Plan, 'steps' | 'diversion'>,
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
    readiness: draftReadiness(plan, defaultReadyPolicy),
  };
}

/** Returns the draft of a schedule that is to be changed. */
export function draftCutover(
  plan: Pick<Plan, 'steps'>,
  { t0, t1, prewarmS, zone, missedT0, guards, readiness = defaultReadyPolicy }: Cutover,
): CutoverDraft {
  return {
    zone,
    t0: wallAt(Date.parse(t0), zone),
    prewarm: durationText(prewarmS),
    comesBack: t1 !== null,
    t1: wallAt(t1 === null ? Date.parse(t0) + holdMs : Date.parse(t1), zone),
    ...draftMissed(missedT0),
    guards: guards.map(draftGuard),
    readiness: draftReadiness(plan, readiness),
  };
}

/**
 * The cutover of a draft, or its field errors as the server names them: message keys by paths below `cutover.`.
 * @param lags as the plan's traffic was measured
 * @param sources of the figures of its guards
 */
export function toCutover(
  draft: CutoverDraft,
  lags: MeasureLags,
  sources: FigureSources,
): Result<Cutover, ActionError['fields']> {
  /** Not an instant: the kind of the problem. */
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
    ...(draft.readiness === null ? {} : { readiness: toReadiness(draft.readiness) }),
  });
  if (parsed.success) {
    const { guards } = parsed.data;
    const unread = guards.flatMap(({ measure }, place) => {
      const reason = findUnreadReason(measure, sources);
      return reason === null ? [] : [[`cutover.guards.${place}.measure`, [`guard.${reason}`]] as const];
    });
    const tooShort = tooShortGuards(guards, lags).map(
      (place) => [`cutover.guards.${place}.forS`, ['guard.lag']] as const,
    );
    const errors = [...tooShort, ...unread];
    return errors.length === 0 ? ok(parsed.data) : err(Object.fromEntries(errors));
  }
  const below = parsed.error.issues.map(({ path, message }) => {
    const wall = message === 'instant.invalid' ? walls[String(path[0])] : undefined;
    const said = wall === undefined ? message : `instant.${instant(wall)}`;
    return { path: ['cutover', ...path], message: said };
  });
  return err(fieldErrors(below));
}
