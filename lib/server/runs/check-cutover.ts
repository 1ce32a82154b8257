import 'server-only';
import type { ActionError } from '@/lib/client/views';
import { type Cutover, prewarmAt } from '@/lib/diversion/cutover';
import { type Freeze, findFreeze } from '@/lib/diversion/freeze';
import { type MeasureLags, tooShortGuards } from '@/lib/diversion/guard-lag';
import type { Plan } from '@/lib/plan/model/model';
import { forecastSeconds } from '@/lib/plan/model/timeline';
import { ok, type Result } from '@/lib/result';
import { refuseFields } from '@/lib/server/refusal';

/**
 * Checks that a cutover schedule can be kept: prewarm and T0 are in the future, prewarm has the time that its steps
 * need, T1 leaves the divert time to end, no change freeze overlaps the time in which traffic moves, and no guard is
 * shorter than its figures allow.
 * @param lags as measured with the plan's traffic
 */
export function checkCutover(
  plan: Plan,
  cutover: Cutover,
  freezes: readonly Freeze[],
  lags: MeasureLags,
  now: Date,
): Result<null, ActionError> {
  const fields: Record<string, string[]> = {};
  const t0 = Date.parse(cutover.t0);
  const movedAt = new Date(t0 + forecastSeconds(plan.steps, ['divert', 'verify'])).toISOString();
  const prewarmMs = forecastSeconds(plan.steps, ['prewarm']);
  if (t0 <= now.getTime()) fields['cutover.t0'] = ['t0.past'];
  else if (prewarmAt(cutover) < now) fields['cutover.prewarmS'] = ['prewarm.past'];
  if (cutover.prewarmS * 1000 < prewarmMs) fields['cutover.prewarmS'] = ['prewarm.tooShort'];
  if (cutover.t1 !== null && Date.parse(cutover.t1) < Date.parse(movedAt))
    fields['cutover.t1'] = ['t1.tooSoon'];
  if (findFreeze(freezes, cutover.t0, movedAt) !== null)
    fields['cutover.t0'] = [...(fields['cutover.t0'] ?? []), 't0.frozen'];
  for (const place of tooShortGuards(cutover.guards, lags))
    fields[`cutover.guards.${place}.forS`] = ['guard.lag'];
  return Object.keys(fields).length === 0 ? ok(null) : refuseFields(fields);
}
