import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object';
import type { WriteStep } from '@/lib/plan/model';
import type { RunRecord } from './fold-run';
import type { RunEvent } from './model';
import { bindPlan } from './symbols';

/** The run that did something, and its plan. */
export type RunOfPlan = { readonly runId: string; readonly planId: string };

/** The state that runs have left an object in. */
export type LeftState = {
  readonly object: ObjectRef;
  readonly state: ObjectState;
  /** The run that wrote to it last, there or back. */
  readonly by: RunOfPlan;
  /** The newest run that has something in effect on it: that one's plan is the applied one. */
  readonly applied: RunOfPlan;
  /** When that write was done, as an ISO instant. */
  readonly leftAt: string;
  /** Tells that write from all others. */
  readonly write: string;
};

type Done = Extract<RunEvent, { type: 'stepDone' }>;

/** One object in one run. */
type Left = Omit<LeftState, 'applied'> & { readonly isInEffect: boolean };

/** What of a run's record it takes: of its events, those of done steps. */
export type DoneRun = Pick<RunRecord, 'id' | 'planId' | 'plan' | 'events'>;

/** What one run has left each of its objects in, by the object's key. */
function leftBy({ id: runId, planId, plan, events }: DoneRun): ReadonlyMap<string, Left> {
  const { steps, revert } = bindPlan(plan, events);
  const writes = (list: typeof steps) =>
    new Map(list.flatMap((step) => (step.kind === 'write' ? [[step.id, step] as const] : [])));
  const lists = { apply: writes(steps), revert: writes(revert) };
  const inEffect = new Map<string, Set<string>>();
  const left = new Map<string, Left>();
  for (const event of events) {
    if (event.type !== 'stepDone') continue;
    const step = lists[event.direction].get(event.stepId);
    if (step === undefined) continue;
    const key = objectKey(step.object);
    const own = inEffect.get(key) ?? new Set();
    inEffect.set(key, own);
    noteEffect(own, step, event);
    if (event.outcome === 'notOurs') continue;
    left.set(key, {
      ...{ object: step.object, state: step.after, by: { runId, planId }, leftAt: event.at },
      write: `${runId}/${event.direction}/${step.id}/${event.at}`,
      isInEffect: false,
    });
  }
  return new Map(
    [...left].map(([key, each]) => [key, { ...each, isInEffect: (inEffect.get(key)?.size ?? 0) > 0 }]),
  );
}

/** What was so before the run came is not its own. */
function noteEffect(inEffect: Set<string>, step: WriteStep, { direction, outcome }: Done): void {
  if (direction === 'revert') inEffect.delete(step.undoes ?? '');
  else if (outcome !== 'already') inEffect.add(step.id);
}

/**
 * The state that each object was left in that a plan has written to and that is not taken back: by the last write, which
 * may be one of a later run's way back. What has been taken back altogether is nobody's plan any more.
 * @param runs of one connection, oldest first; of their events, those of done steps suffice
 */
export function leftStates(runs: readonly DoneRun[]): readonly LeftState[] {
  const last = new Map<string, Left>();
  const applied = new Map<string, RunOfPlan>();
  for (const run of runs)
    for (const [key, left] of leftBy(run)) {
      const known = last.get(key);
      if (known === undefined || Date.parse(left.leftAt) >= Date.parse(known.leftAt)) last.set(key, left);
      if (left.isInEffect) applied.set(key, left.by);
    }
  return [...last].flatMap(([key, { isInEffect: _, ...left }]): readonly LeftState[] => {
    const of = applied.get(key);
    return of === undefined ? [] : [{ ...left, applied: of }];
  });
}
