import type { WorldEffect } from './effect';

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
  /** The change that the task applies when it ends, as data, so that a restarted sandbox completes it. */
  effect: WorldEffect;
  fault: TaskFault | null;
};

/** The fault injected into a task. */
export type TaskFault =
  /** It fails with this message, and changes nothing. */
  | { kind: 'fails'; message: string }
  /** It succeeds, but has changed nothing. */
  | { kind: 'changesNothing' };
