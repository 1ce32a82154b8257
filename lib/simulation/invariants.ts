import { objectKey, sameState } from '@/lib/estate/object';
import type { Step, WriteStep } from '@/lib/plan/model';
import type { RunEvent } from '@/lib/run/model';
import { checkEnd } from './check-end';
import { answersOf, type Effect, type Fact, type Sent, type Witness } from './witness';
import { writesOf } from './write-of';

/*
 * What must always hold (ARCHITECTURE §4), asked after every event of the journal, every call and every change that one
 * makes. Each check says what is wrong, or null. Numbers are those of the list there.
 */

type Check<T> = (what: T, witness: Witness) => string | null;

const stepEvents = (events: readonly RunEvent[], step: { readonly id: string }, direction: string) =>
  events.filter((e) => 'stepId' in e && e.stepId === step.id && e.direction === direction);

/** 7. Only what was reviewed is sent. */
const isPlanned: Check<Sent> = ({ step, call }) =>
  step === null ? `${call.action} ${JSON.stringify(call.params)} stands in no step` : null;

/** 1. A call is written down before it is sent, and only once for each time. */
const followsIntent: Check<Sent> = ({ step, direction, events: count }, { events, sent }) => {
  if (step === null) return null;
  const last = stepEvents(events.slice(0, count), step, direction).at(-1);
  if (last?.type !== 'intent') return `${step.id} is sent without an intent`;
  const at = events.lastIndexOf(last);
  const before = sent.slice(0, -1).some((other) => other.step === step && other.events > at);
  return before ? `${step.id} is sent twice for one intent` : null;
};

/** A look that is no older counts as taken right before. */
const lookedJustNowMs = 200;

/** 2. The object was looked at right before the call went out: just now, or since the call was written down. */
const wasLookedAt: Check<Sent> = ({ step, direction, read, atMs }, witness) => {
  const { events } = witness;
  if (step === null) return null;
  const intent = events.findLastIndex(
    (e) => e.type === 'intent' && e.stepId === step.id && e.direction === direction,
  );
  if (read === null) return `${step.id} is sent without a look at its object`;
  const ageMs = atMs - read.atMs - stillMs(read.atMs, witness);
  const isLast = read.events > intent || ageMs <= lookedJustNowMs;
  return isLast ? null : `${step.id} is sent ${ageMs} ms after the last look at its object`;
};

/** 3. A worker that was overtaken sends nothing. */
const isLatest: Check<Sent> = ({ fence, step, call }, witness) =>
  fence === witness.fence
    ? null
    : `${step?.id ?? call.action} is sent by life ${fence}, not ${witness.fence}`;

/** 2. Nothing that was there to be seen is written over; 1. nor is a write done twice. */
const startsAsPlanned: Check<Effect> = ({ sent: { step, read }, before, edits }) => {
  if (step === null || sameState(before, step.before)) return null;
  // Changed between the last look and the moment at which the cloud acts: no client can know.
  if (read !== null && edits !== read.edits) return null;
  return `${step.id} acts on ${JSON.stringify(before)}, not on ${JSON.stringify(step.before)}`;
};

/** 1. A write has one effect, unless it was undone or somebody else changed the object since. */
const isOnce: Check<Effect> = (effect, { effects }) => {
  const same = (other: Effect) => objectKey(other.ref) === objectKey(effect.ref);
  const last = effects.slice(0, -1).findLast(same);
  const { step, direction } = effect.sent;
  const again = last?.sent.step === step && last?.sent.direction === direction && last.edits === effect.edits;
  return again ? `${step?.id} takes effect twice` : null;
};

/** 4. A name that had answers before the run has some after each of our writes. */
const leavesAnswers: Check<Effect> = ({ sent: { step, read }, ref, after, edits }, { plan }) => {
  if (read !== null && edits !== read.edits) return null;
  const first = writesOf(plan, 'apply').find(({ object }) => objectKey(object) === objectKey(ref));
  if (first === undefined) return null;
  const forA = (answers: readonly string[]) => answers.filter((answer) => !answer.startsWith('AAAA'));
  const [old, now] = [answersOf(first.before), answersOf(after)];
  if (old.length > 0 && now.length === 0) return `${step?.id} leaves a name without any answer`;
  const gone = forA(old).length > 0 && forA(now).length === 0;
  return gone ? `${step?.id} leaves a name without an address` : null;
};

/** 5. Nothing is taken off a rule before the diversion's answers and connections are gone. */
const isDrained: Check<Effect> = ({ sent, ref }, witness) => {
  const drain = witness.plan.revert.find((step) => step.kind === 'drain');
  const { servedMs } = sent;
  if (sent.direction !== 'revert' || ref.kind !== 'rule' || servedMs === null || drain === undefined)
    return null;
  const waitedMs = sent.atMs - servedMs;
  const dueMs = (drain.oldTtlS + drain.keepAliveS) * 1000;
  if (waitedMs + forwardMs(servedMs, witness) >= dueMs) return null;
  return `${sent.step?.id} unbinds ${waitedMs} ms after the last answer, not ${dueMs}`;
};

/** For how long, in ms, the run stood still right before a call since then. */
function stillMs(sinceMs: number, { stoodStill }: Witness): number {
  return stoodStill.reduce((sum, { atMs, forMs }) => (atMs >= sinceMs ? sum + forMs : sum), 0);
}

/** How far the clock on the wall was put forward since then, in ms: by so much a wait on it is shorter. */
function forwardMs(sinceMs: number, { jumps }: Witness): number {
  return jumps.reduce((sum, { atMs, byMs }) => (atMs >= sinceMs ? sum + Math.max(0, byMs) : sum), 0);
}

/** 5. A share of a ramp stands at least as long as the answers from before it may be kept. */
const isBaked: Check<RunEvent> = (event, witness) => {
  const step =
    event.type === 'stepDone' ? witness.plan.steps.find(({ id }) => id === event.stepId) : undefined;
  if (step?.kind !== 'bake') return null;
  const moves = witness.effects.filter(
    ({ sent }) => sent.direction === 'apply' && step.needs.includes(sent.step?.id ?? ''),
  );
  const moved = Math.max(...moves.map(({ sent }) => sent.atMs));
  const waitedMs = witness.nowMs() - moved + forwardMs(moved, witness);
  const dueMs = step.oldTtlS * 1000;
  return waitedMs < dueMs ? `${step.id} is baked after ${waitedMs} ms, not ${dueMs}` : null;
};

/** 6. What a hold has said to be settled changes no more. */
const isNotSettled: Check<Effect> = ({ sent: { step, direction, events: count } }, { events }) => {
  const settled = events
    .slice(count)
    .some(
      (e) =>
        e.type === 'held' &&
        e.stepId === step?.id &&
        e.direction === direction &&
        e.reason.kind === 'cloudError' &&
        e.reason.settled,
    );
  return settled ? `${step?.id} takes effect after it was held as settled` : null;
};

/** 8. Nothing begins before all that it needs is done, and a probe is done only when it has passed. */
const comesInOrder: Check<RunEvent> = (event, { plan, events }) => {
  if (event.type !== 'intent' && event.type !== 'stepDone') return null;
  const { direction, stepId } = event;
  const steps: readonly Step[] = direction === 'apply' ? plan.steps : plan.revert;
  const step = steps.find(({ id }) => id === stepId);
  if (step === undefined) return `${stepId} is no step`;
  const isDone = (id: string) => stepEvents(events, { id }, direction).some((e) => e.type === 'stepDone');
  const missing = step.needs.filter((id) => !isDone(id));
  if (missing.length > 0) return `${stepId} begins before ${missing.join(', ')}`;
  if (step.kind !== 'probe' || event.type !== 'stepDone' || event.outcome !== 'probed') return null;
  const probed = stepEvents(events, step, direction).findLast((e) => e.type === 'probed');
  return probed?.type === 'probed' && probed.answer.passed ? null : `${stepId} is done but has not passed`;
};

/** 1. What became of a call is written down before its step is done. */
const saysOutcome: Check<RunEvent> = (event, { plan, events }) => {
  if (event.type !== 'stepDone' || event.outcome !== 'applied') return null;
  const step = [...plan.steps, ...plan.revert].find(({ id }) => id === event.stepId) as WriteStep;
  const last = stepEvents(events, step, event.direction).at(-2);
  return last?.type === 'accepted' ? null : `${event.stepId} is applied, but its call was not accepted`;
};

const checks = {
  event: [comesInOrder, saysOutcome, isBaked],
  sent: [isLatest, isPlanned, followsIntent, wasLookedAt],
  effect: [startsAsPlanned, isOnce, leavesAnswers, isDrained, isNotSettled],
} as const;

/** What is wrong with what was just seen; null when nothing is. */
export function brokenBy(fact: Fact, witness: Witness): string | null {
  const first = <T>(list: readonly Check<T>[], what: T): string | null => {
    for (const check of list) {
      const wrong = check(what, witness);
      if (wrong !== null) return wrong;
    }
    return null;
  };
  switch (fact.kind) {
    case 'event':
      return first(checks.event, fact.event);
    case 'sent':
      return first(checks.sent, fact.sent);
    case 'effect':
      return first(checks.effect, fact.effect);
    case 'ended':
      return checkEnd(fact.state, witness);
  }
}
