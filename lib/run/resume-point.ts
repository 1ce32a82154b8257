import type { StepId } from '@/lib/plan/model';
import { sinceStart } from './history';
import type { Gate, HoldReason, PausedBy, RunEvent, TurnReason } from './model';

/**
 * Where an attempt stood when its last execution ended without a record of the engine to go by: a worker of a newer
 * version begins from the beginning, and must not do what a person has stopped, nor go there again when it was on its
 * way back.
 */
export type ResumePoint = {
  readonly passed: readonly Gate[];
  readonly turned: TurnReason | null;
  readonly held: { readonly stepId: StepId | null; readonly reason: HoldReason } | null;
  readonly paused: { readonly actor: string; readonly reason: string; readonly by?: PausedBy } | null;
  /** Ids of the commands that were heard. */
  readonly heard: readonly string[];
  /** When this execution began. ISO. */
  readonly at: string;
};

/** Reads it from the journal, at this instant. Pure. What an earlier attempt has passed is passed. */
export function resumePoint(events: readonly RunEvent[], attempt: number, at: string): ResumePoint {
  const mine = sinceStart(events, attempt);
  const turned = mine.findLast((e) => e.type === 'turned');
  const last = mine.findLast((e) => ['held', 'turned', 'paused', 'resumed'].includes(e.type));
  return {
    passed: events.flatMap((e) => (e.type === 'passed' ? [e.gate] : [])),
    turned: turned?.why ?? null,
    held: last?.type === 'held' ? { stepId: last.stepId, reason: last.reason } : null,
    paused:
      last?.type === 'paused'
        ? { actor: last.actor, reason: last.reason, ...(last.by === undefined ? {} : { by: last.by }) }
        : null,
    heard: mine.flatMap((e) => (e.type === 'heard' ? [e.id] : [])),
    at,
  };
}
