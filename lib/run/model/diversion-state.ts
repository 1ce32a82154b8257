import type { ApprovalCount } from '@/lib/policy/approval';
import { isUnapproved } from '@/lib/policy/approval';
import type { Problem, RunState } from './model';

/** The states of a diversion along its life, and those beside it. */
export const diversionStates = [
  'draft',
  'planned',
  'approved',
  'scheduled',
  'running',
  'inEffect',
  'rolledBack',
  'stopped',
  'leftAsIs',
  'discarded',
] as const;
export type DiversionState = (typeof diversionStates)[number];

/** The state of one plan of a diversion: a newer plan supersedes one that has not run. */
export type RevisionState = Exclude<DiversionState, 'draft' | 'discarded'> | 'superseded';

/** One plan of a diversion, with the inputs of its state. */
export type RevisionFacts = {
  readonly approvals: ApprovalCount;
  /** null = it has not been applied or scheduled. */
  readonly runState: RunState | null;
  /** The problems that the last re-validation of its run found; empty = none, or the run does not wait for its T0. */
  readonly problems: readonly Problem[];
};

const statesBeforeT0: readonly (RunState | null)[] = ['queued', 'scheduled', 'ready', 'paused'];

/** Returns whether a run in this state waits for its T0 and is re-validated. */
export const waitsForT0 = (runState: RunState | null): boolean => statesBeforeT0.includes(runState);

const ofRun: Readonly<Record<RunState, Exclude<RevisionState, 'superseded'>>> = {
  queued: 'running',
  scheduled: 'scheduled',
  // Prewarm has already written.
  ready: 'running',
  missed: 'stopped',
  applying: 'running',
  baking: 'running',
  diverted: 'running',
  rollingBack: 'running',
  retrying: 'running',
  paused: 'running',
  stopped: 'stopped',
  done: 'inEffect',
  rolledBack: 'rolledBack',
  closed: 'leftAsIs',
};

/** Returns whether a run is in progress, stopped, or has changes in effect. */
function isActing(runState: RunState | null): boolean {
  return runState !== null && runState !== 'rolledBack' && runState !== 'closed';
}

/**
 * Returns the index of the revision that determines a diversion's state: the newest one whose run is in progress, stopped
 * or in effect, or else the newest one.
 * @param revisions newest first
 */
export function findCurrent(revisions: readonly Pick<RevisionFacts, 'runState'>[]): number {
  return Math.max(
    0,
    revisions.findIndex(({ runState }) => isActing(runState)),
  );
}

/** Returns the state of one revision. */
export function getRevisionState(
  { approvals, runState }: Omit<RevisionFacts, 'problems'>,
  isNewest: boolean,
): RevisionState {
  if (runState !== null) return ofRun[runState];
  if (!isNewest) return 'superseded';
  return approvals.needed > 0 && !isUnapproved(approvals) ? 'approved' : 'planned';
}

/**
 * Returns the state of a diversion.
 * @param revisions its plans, newest first
 */
export function getDiversionState(
  revisions: readonly Omit<RevisionFacts, 'problems'>[],
  isDiscarded: boolean,
): DiversionState {
  if (isDiscarded) return 'discarded';
  const index = findCurrent(revisions);
  const current = revisions[index];
  if (current === undefined) return 'draft';
  const state = getRevisionState(current, index === 0);
  // A superseded revision has no run, so it is never the current one.
  return state === 'superseded' ? 'planned' : state;
}

/** The facts that can cause open tasks of a diversion. */
export const attentions = [
  'stopped',
  'missedT0',
  'revalidation',
  'unscheduled',
  'unapproved',
  'blocked',
  'newerRevision',
] as const;
export type Attention = (typeof attentions)[number];

type Beside = {
  readonly isDiscarded: boolean;
  /** Set if it is an occurrence of a series that the worker could not schedule. */
  readonly isUnscheduled: boolean;
};

/**
 * Returns the open tasks, the most urgent first.
 * @param revisions its plans, newest first, each with the number of blocking findings
 */
export function listAttention(
  revisions: readonly (RevisionFacts & { readonly blocks: number })[],
  { isDiscarded, isUnscheduled }: Beside,
): readonly Attention[] {
  if (isDiscarded) return [];
  const [newest] = revisions;
  // It may have no plan. It is resolved once it has a run.
  const unscheduled = isUnscheduled && !revisions.some(({ runState }) => runState !== null);
  if (newest === undefined) return unscheduled ? ['unscheduled'] : [];
  const current = revisions[findCurrent(revisions)];
  const isWaiting = newest.runState === null || newest.runState === 'scheduled';
  const found: Readonly<Record<Attention, boolean>> = {
    stopped: current?.runState === 'stopped',
    missedT0: current?.runState === 'missed',
    revalidation: current !== undefined && waitsForT0(current.runState) && current.problems.length > 0,
    unscheduled,
    unapproved: isWaiting && isUnapproved(newest.approvals),
    blocked: newest.runState === null && newest.blocks > 0 && !unscheduled,
    newerRevision: newest.runState === null && current !== newest,
  };
  return attentions.filter((each) => found[each]);
}
