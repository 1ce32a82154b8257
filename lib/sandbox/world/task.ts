import type { WorldEffect } from '../tasks/effects/effect';

/** An asynchronous CLB write: in effect, or failed, once `endsAt` has passed. Times are epoch milliseconds. */
export type WorldTask = {
  id: string;
  /** Busy until it ends. */
  loadBalancerIds: string[];
  action: string;
  startedAt: number;
  /** null = never. */
  endsAt: number | null;
  outcome: 'running' | 'done' | 'failed';
  message: string;
  /** What the task does when it ends, as data, so that a restarted sandbox finishes it. */
  effect: WorldEffect;
  fault: TaskFault | null;
};

/** What was ordered to go wrong with a task. */
export type TaskFault =
  /** It ends failed with this message, and changes nothing. */
  | { kind: 'fails'; message: string }
  /** It ends well, and has changed nothing. */
  | { kind: 'changesNothing' };
