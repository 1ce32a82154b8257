import { objectKey, sameState } from '@/lib/estate/object-state';
import type { Step, WriteStep } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';
import { bringsBack, checkEnd } from './check-end';
import { deletesOwn, makesNoSecond, namesWhatIsMade, staysInScope } from './created-invariants';
import { leavesAnswers, waitsForBake, waitsForDrain, waitsForOldTtl } from './dns-invariants';
import { appliesBeforeT1, retriesInRollback } from './outage-invariants';
import {
  appliesNothingRefused,
  appliesNothingStopped,
  followsStop,
  pausesForwardOnly,
} from './stop-invariants';
import type { Effect, Fact, InvariantCheck, Sent, Witness } from './witness';

const stepEvents = (events: readonly RunEvent[], step: { readonly id: string }, direction: string) =>
  events.filter((e) => 'stepId' in e && e.stepId === step.id && e.direction === direction);

/** 7. Only what was reviewed is sent. */
const isPlanned: InvariantCheck<Sent> = ({ step, call }) =>
  step === null ? `${call.action} ${JSON.stringify(call.params)} is in no step` : null;

/** 1. A call is journaled before it is sent, and sent only once per entry. */
const followsIntent: InvariantCheck<Sent> = ({ step, direction, events: count }, { events, sent }) => {
  if (step === null) return null;
  const last = stepEvents(events.slice(0, count), step, direction).at(-1);
  if (last?.type !== 'intent') return `${step.id} is sent without an intent`;
  const at = events.lastIndexOf(last);
  const before = sent
    .slice(0, -1)
    .some((other) => other.step?.id === step.id && other.direction === direction && other.events > at);
  return before ? `${step.id} is sent twice for one intent` : null;
};

/** A read that is at most this old counts as made right before. */
const justReadMs = 200;

/** Returns how long, in ms, the run was frozen right before a call since then. */
function stillMs(sinceMs: number, { frozen }: Witness): number {
  return frozen.reduce((sum, { atMs, forMs }) => (atMs >= sinceMs ? sum + forMs : sum), 0);
}

/** 2. The object was read right before the call was sent: just now, or since the call was journaled. */
const wasRead: InvariantCheck<Sent> = ({ step, direction, read, atMs }, witness) => {
  const { events } = witness;
  if (step === null) return null;
  const intent = events.findLastIndex(
    (e) => e.type === 'intent' && e.stepId === step.id && e.direction === direction,
  );
  if (read === null) return `${step.id} is sent without a read of its object`;
  const ageMs = atMs - read.atMs - stillMs(read.atMs, witness);
  const isLast = read.events > intent || ageMs <= justReadMs;
  return isLast ? null : `${step.id} is sent ${ageMs} ms after the last read of its object`;
};

/** 3. A superseded worker sends nothing. */
const isLatest: InvariantCheck<Sent> = ({ fence, step, call }, witness) =>
  fence === witness.fence
    ? null
    : `${step?.id ?? call.action} is sent by worker ${fence}, not ${witness.fence}`;

/** 2. No visible change of others is overwritten; 1. nor is a write done twice. */
const startsAsPlanned: InvariantCheck<Effect> = ({ sent: { step, read }, before, edits }) => {
  if (step === null || sameState(before, step.before)) return null;
  // Changed between the last read and the moment at which the cloud acts: no client can know.
  if (read !== null && edits !== read.edits) return null;
  return `${step.id} acts on ${JSON.stringify(before)}, not on ${JSON.stringify(step.before)}`;
};

/** 1. A write has one effect, unless it was undone or someone else has changed the object since. */
const isOnce: InvariantCheck<Effect> = (effect, { effects }) => {
  const same = (other: Effect) => objectKey(other.ref) === objectKey(effect.ref);
  const last = effects.slice(0, -1).findLast(same);
  const { step, direction } = effect.sent;
  const isSame = last?.sent.step?.id === step?.id && last?.sent.direction === direction;
  return isSame && last?.edits === effect.edits ? `${step?.id} takes effect twice` : null;
};

/** 6. A change that a stop has reported as settled no longer changes. */
const isNotSettled: InvariantCheck<Effect> = ({ sent: { step, direction, events: count } }, { events }) => {
  const settled = events
    .slice(count)
    .some(
      (e) =>
        e.type === 'stopped' &&
        e.stepId === step?.id &&
        e.direction === direction &&
        e.reason.kind === 'cloudError' &&
        e.reason.settled,
    );
  return settled ? `${step?.id} takes effect after it was stopped as settled` : null;
};

/** 8. Nothing begins before all that it needs is done, and a probe is done only when it has passed. */
const comesInOrder: InvariantCheck<RunEvent> = (event, { plan, events }) => {
  if (event.type !== 'intent' && event.type !== 'stepDone') return null;
  const { direction, stepId } = event;
  const steps: readonly Step[] = direction === 'apply' ? plan.steps : plan.rollback;
  const step = steps.find(({ id }) => id === stepId);
  if (step === undefined) return `${stepId} is no step`;
  const isDone = (id: string) => stepEvents(events, { id }, direction).some((e) => e.type === 'stepDone');
  const missing = step.needs.filter((id) => !isDone(id));
  if (missing.length > 0) return `${stepId} begins before ${missing.join(', ')}`;
  if (step.kind !== 'probe' || event.type !== 'stepDone' || event.outcome !== 'probed') return null;
  const probed = stepEvents(events, step, direction).findLast((e) => e.type === 'probed');
  return probed?.type === 'probed' && probed.answer.passed ? null : `${stepId} is done but has not passed`;
};

/** 1. The outcome of a call is journaled before its step is done. */
const saysOutcome: InvariantCheck<RunEvent> = (event, { plan, events }) => {
  if (event.type !== 'stepDone' || event.outcome !== 'applied') return null;
  const step = [...plan.steps, ...plan.rollback].find(({ id }) => id === event.stepId) as WriteStep;
  const mine = stepEvents(events, step, event.direction);
  const last = mine.filter(({ type }) => type !== 'retrying' && type !== 'recovered').at(-2);
  return last?.type === 'accepted' ? null : `${event.stepId} is applied, but its call was not accepted`;
};

/** 7. Guards evaluate only what has already moved: before that, nothing answers yet. */
const judgesWhatMoved: InvariantCheck<RunEvent> = (event, { plan, events }) => {
  const isGuards =
    (event.type === 'rollback' && event.why.kind === 'guard') ||
    (event.type === 'stopped' && event.reason.kind === 'guard');
  if (!isGuards) return null;
  const divert = plan.steps.filter((step) => step.kind === 'write' && step.phase === 'divert');
  const hasMoved = divert.some((step) => stepEvents(events, step, 'apply').length > 0);
  return hasMoved || divert.length === 0 ? null : 'a guard judges before anything has moved';
};

const checks = {
  event: [
    comesInOrder,
    saysOutcome,
    waitsForBake,
    bringsBack,
    judgesWhatMoved,
    retriesInRollback,
    pausesForwardOnly,
    followsStop,
  ],
  sent: [
    isLatest,
    namesWhatIsMade,
    isPlanned,
    followsIntent,
    wasRead,
    appliesBeforeT1,
    appliesNothingStopped,
    appliesNothingRefused,
  ],
  changed: [makesNoSecond, deletesOwn, staysInScope],
  effect: [startsAsPlanned, isOnce, leavesAnswers, waitsForOldTtl, waitsForDrain, isNotSettled],
} as const;

/** Returns which invariant the fact breaks; null when it breaks none. */
export function brokenBy(fact: Fact, witness: Witness): string | null {
  const first = <T>(list: readonly InvariantCheck<T>[], what: T): string | null => {
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
    case 'changed':
      return first(checks.changed, fact.change);
    case 'effect':
      return first(checks.effect, fact.effect);
    case 'ended':
      return checkEnd(fact.state, witness);
  }
}
