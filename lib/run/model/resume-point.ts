import type { StepId } from '@/lib/plan/model/model';
import { sinceStart } from './history';
import type { Gate, HoldReason, PausedBy, RollbackReason, RunEvent } from './model';

/**
 * The point at which an attempt's last execution ended, without an engine record: a worker of a newer version restarts
 * from the beginning, and must not do what a person has stopped, nor apply again when it was rolling back.
 */
export type ResumePoint = {
  readonly passed: readonly Gate[];
  readonly rollback: RollbackReason | null;
  readonly held: { readonly stepId: StepId | null; readonly reason: HoldReason } | null;
  readonly paused: { readonly actor: string; readonly reason: string; readonly by?: PausedBy } | null;
  /** Ids of the commands whose effect is recorded: the others are delivered again, and followed then. */
  readonly followed: readonly string[];
  /** The start of this execution. ISO. */
  readonly at: string;
};

/**
 * Reads the resume point from the journal, at this instant. Pure. A gate that an earlier attempt has passed stays
 * passed.
 */
export function resumePoint(events: readonly RunEvent[], attempt: number, at: string): ResumePoint {
  const mine = sinceStart(events, attempt);
  const rollback = mine.findLast((e) => e.type === 'rollback');
  const last = mine.findLast((e) => ['held', 'rollback', 'paused', 'resumed'].includes(e.type));
  return {
    passed: events.flatMap((e) => (e.type === 'passed' ? [e.gate] : [])),
    rollback: rollback?.why ?? null,
    held: last?.type === 'held' ? { stepId: last.stepId, reason: last.reason } : null,
    paused:
      last?.type === 'paused'
        ? { actor: last.actor, reason: last.reason, ...(last.by === undefined ? {} : { by: last.by }) }
        : null,
    // A command's effect is the next event. Where there is none, the worker died between both.
    followed: mine.flatMap((e, index) =>
      e.type === 'command' && (mine[index + 1]?.type ?? 'started') !== 'started' ? [e.id] : [],
    ),
    at,
  };
}
