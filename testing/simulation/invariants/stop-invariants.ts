import { isStateEvent } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import type { InvariantCheck, Sent } from './witness';

/* The invariants of the emergency stop, which pauses runs that apply changes and nothing else, and of a safety rule. */

/** 6. A rollback with its drain, and the hold before T1, are never paused by it. */
export const pausesForwardOnly: InvariantCheck<RunEvent> = (event, { events }) => {
  if (event.type !== 'paused' || event.by !== 'emergencyStop') return null;
  if (event.direction === 'rollback') return 'the emergency stop pauses a rollback';
  const last = events.slice(0, -1).findLast(isStateEvent);
  return last?.type === 'gate' && last.gate === 'T1' ? 'the emergency stop pauses the hold before T1' : null;
};

/** Nothing is applied while it pauses the run. */
export const appliesNothingStopped: InvariantCheck<Sent> = ({ step, direction }, { events }) => {
  if (step === null || direction === 'rollback') return null;
  const last = events.findLast(isStateEvent);
  const isPaused = last?.type === 'paused' && last.by === 'emergencyStop';
  return isPaused ? `${step.id} is sent while the emergency stop pauses the run` : null;
};

/** Nothing is applied whose call was journaled after a safety rule began to refuse it, as long as it does. */
export const appliesNothingRefused: InvariantCheck<Sent> = ({ step, direction }, { events, gates }) => {
  const gate = gates.at(-1);
  if (step === null || direction === 'rollback' || gate === undefined || gate.isOn) return null;
  const intent = events.findLastIndex(
    (e) => e.type === 'intent' && e.stepId === step.id && e.direction === direction,
  );
  return intent >= gate.closedAt ? `${step.id} is sent although a safety rule refuses it` : null;
};

/**
 * Work that goes forward hears it at the next safe place: no step begins any more that waited for one which ended after
 * it. A run that was recovered meanwhile is left out: it follows its journal.
 */
export const followsStop: InvariantCheck<RunEvent> = (event, { plan, events, stops }) => {
  const stop = stops.at(-1);
  if (event.type !== 'intent' || event.direction === 'rollback' || stop === undefined || stop.isReleased)
    return null;
  const since = events.slice(stop.setAt);
  if (since.some(({ type }) => type === 'started')) return null;
  const needs = plan.steps.find(({ id }) => id === event.stepId)?.needs ?? [];
  const ended = since.some((e) => e.type === 'stepDone' && needs.includes(e.stepId));
  return ended ? `${event.stepId} begins although changes are paused` : null;
};
