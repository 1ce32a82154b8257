import { getHostName } from '@/lib/estate/look-up';
import type { ObjectState, RecordState } from '@/lib/estate/object';
import { objectKey, recordKey, sameState } from '@/lib/estate/object-state';
import { StepId } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';
import { listWrites } from '@/testing/simulation/cloud/list-writes';
import { type Effect, type InvariantCheck, listAnswers, type Witness } from './witness';

/*
 * Invariants of names: they always answer, and cached old answers are waited for. Numbers are those of ARCHITECTURE §4.
 */

/** 4. A name that had answers before the run has some after each of the run's writes. */
export const leavesAnswers: InvariantCheck<Effect> = (
  { sent: { step, read }, ref, after, edits },
  { plan },
) => {
  if (read !== null && edits !== read.edits) return null;
  const first = listWrites(plan, 'apply').find(({ object }) => objectKey(object) === objectKey(ref));
  if (first === undefined) return null;
  const forA = (answers: readonly string[]) => answers.filter((answer) => !answer.startsWith('AAAA'));
  const [old, now] = [listAnswers(first.before), listAnswers(after)];
  if (old.length > 0 && now.length === 0) return `${step?.id} leaves a name without any answer`;
  const gone = forA(old).length > 0 && forA(now).length === 0;
  return gone ? `${step?.id} leaves a name without an address` : null;
};

/** Returns how far the wall clock was moved forward since then, in ms: a wait on it is shorter by this much. */
function forwardMs(sinceMs: number, { jumps }: Witness): number {
  return jumps.reduce((sum, { atMs, byMs }) => (atMs >= sinceMs ? sum + Math.max(0, byMs) : sum), 0);
}

/**
 * 5. Nothing is unbound from a rule, and nothing under a rule is deleted, before the diversion's answers and
 * connections have drained. A swap in place is reversed at once, because the rule keeps answering.
 */
export const waitsForDrain: InvariantCheck<Effect> = ({ sent, ref }, witness) => {
  const { step, servedMs } = sent;
  const { plan } = witness;
  const drain = plan.rollback.find(({ kind }) => kind === 'drain');
  if (sent.direction !== 'rollback' || ref.kind === 'recordSet' || servedMs === null) return null;
  const isSwapped = plan.steps.find(({ id }) => id === step?.undoes)?.phase === 'divert';
  if (isSwapped || drain?.kind !== 'drain') return null;
  const waitedMs = sent.atMs - servedMs;
  const isRestored = witness.effects.some(
    ({ sent: { direction, step: by } }) => direction === 'apply' && by?.phase === 'drain',
  );
  const ttlS = Math.max(drain.oldTtlS, isRestored ? (drain.restoredTtlS ?? 0) : 0);
  const dueMs = (ttlS + drain.keepAliveS) * 1000;
  if (waitedMs + forwardMs(servedMs, witness) >= dueMs) return null;
  return `${step?.id} unbinds ${waitedMs} ms after the last answer, not ${dueMs}`;
};

/** 5. A share of a ramp bakes at least as long as earlier answers may be cached; so does a lowered TTL. */
export const waitsForBake: InvariantCheck<RunEvent> = (event, witness) => {
  const step =
    event.type === 'stepDone' ? witness.plan.steps.find(({ id }) => id === event.stepId) : undefined;
  if (step?.kind !== 'bake') return null;
  const moves = witness.effects.filter(
    ({ sent }) => sent.direction === 'apply' && step.needs.includes(StepId.parse(sent.step?.id)),
  );
  const moved = Math.max(...moves.map(({ sent }) => sent.atMs));
  const waitedMs = witness.nowMs() - moved + forwardMs(moved, witness);
  const dueMs = step.oldTtlS * 1000;
  return waitedMs < dueMs ? `${step.id} is baked after ${waitedMs} ms, not ${dueMs}` : null;
};

/** Returns the state without its TTLs. */
function timeless(state: ObjectState): ObjectState {
  if (state.kind !== 'recordSet') return state;
  return { ...state, records: state.records.map((record) => ({ ...record, ttlS: 0 })) };
}

/** Returns the longest time that an answer may be cached with a TTL that a write has changed, in ms. */
function keptMs({ before, after }: Effect): number {
  if (before.kind !== 'recordSet' || after.kind !== 'recordSet') return 0;
  const isChanged = (old: RecordState) =>
    after.records.some((now) => recordKey(now) === recordKey(old) && now.ttlS !== old.ttlS);
  const changed = before.records.filter((record) => record.enabled && isChanged(record));
  return Math.max(0, ...changed.map(({ ttlS }) => ttlS * 1000));
}

/** 5. A name whose TTL was lowered moves only once answers with the old TTL must have expired, on all of its lines. */
export const waitsForOldTtl: InvariantCheck<Effect> = ({ sent, ref, before, after, edits }, witness) => {
  if (ref.kind !== 'recordSet' || sent.direction !== 'apply' || edits > 0) return null;
  if (sameState(timeless(before), timeless(after))) return null;
  for (const lowered of witness.effects) {
    if (lowered.ref.kind !== 'recordSet' || getHostName(lowered.ref) !== getHostName(ref)) continue;
    if (!sameState(timeless(lowered.before), timeless(lowered.after))) continue;
    const waitedMs = sent.atMs - lowered.atMs + forwardMs(lowered.atMs, witness);
    const dueMs = keptMs(lowered);
    if (waitedMs < dueMs)
      return `${sent.step?.id} moves ${waitedMs} ms after the TTL was lowered, not ${dueMs}`;
  }
  return null;
};
