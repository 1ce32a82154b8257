import type { RunState } from '@/lib/run/model/model';
import { sameStock } from './cloud/same-stock';
import type { Scenario } from './cloud/scenario';
import type { SimulatedRun } from './simulated-run';

/** After this long nothing is in flight any more, not even a stuck task. */
const quietMs = 15 * 60_000;
/** The interval at which the operator checks whether the run needs a decision. */
const glanceMs = 60_000;
/** A worker may be frozen or dead when the emergency stop ends: the next one gets its message. */
const resumedWithinGlances = 10;
const over: readonly RunState[] = ['done', 'rolledBack', 'closed'];

/**
 * Waits until the run needs a decision or is over, and resumes it when it is stopped for a person.
 * @param decidesAfterMs how long a stop lasts before it counts as one that waits for a decision: T1 may come sooner
 */
async function attend(run: SimulatedRun, decidesAfterMs: number): Promise<RunState> {
  const pause = (ms: number) => new Promise<void>((resolve) => void run.clock.after(ms, resolve));
  let glancesStopped = 0;
  for (;;) {
    await Promise.race([run.returned, pause(glanceMs)]);
    const { state } = run.view();
    if (run.hasReturned) return state;
    // Runs that the emergency stop has paused resume at its end.
    const isStopped = state === 'paused' && run.view().stoppedBy?.isStop === true;
    glancesStopped = isStopped && !run.stop.isActive ? glancesStopped + 1 : 0;
    if (glancesStopped > resumedWithinGlances) run.breaks('the end of the emergency stop resumes nothing');
    if (isStopped) continue;
    if (state === 'paused' || state === 'missed') run.command('continue');
    if (state !== 'stopped') continue;
    await Promise.race([run.returned, pause(decidesAfterMs)]);
    // A person may decide while a blocked rollback is tried again; the checks of the end need a try that has ended.
    if (run.view().state === 'stopped' && run.isWaiting()) return 'stopped';
  }
}

/** Simulates a run from its start to its end: the operator's decisions about stops, and the final checks. */
export async function operate(run: SimulatedRun, scenario: Scenario): Promise<void> {
  const { witness, trace } = run;
  const decisions = [...scenario.decisions];
  const go = async (direction: 'apply' | 'rollback'): Promise<RunState> => {
    // Nothing begins forward while all changes are paused.
    if (direction === 'apply') await run.stop.released();
    run.attempt(direction);
    const state = await attend(run, scenario.decidesAfterS * 1000);
    trace.add(`${direction} ends`, state);
    witness.ended(state);
    return state;
  };
  let state = await go('apply');
  while (state === 'stopped' || (state === 'done' && scenario.rollbackStepsDone)) {
    const decision = state === 'done' ? 'rollback' : decisions.shift();
    if (decision === undefined) break;
    state = await go(decision === 'rollback' ? 'rollback' : run.view().direction);
  }
  run.calm();
  await new Promise<void>((resolve) => void run.clock.after(quietMs, resolve));
  // A stopped run may have started its rollback on its own meanwhile. Whatever it reports, the cloud now agrees with it.
  state = await attend(run, 0);
  witness.ended(state);
  if (state === 'stopped') state = await go('rollback');
  trace.add('end', state);
  checkRunEnd(run, state);
}

/**
 * Checks that a run, with everything working again, restores the original state, unless others have changed what it
 * needs.
 */
function checkRunEnd(run: SimulatedRun, state: RunState): void {
  if (![...over, 'stopped'].includes(state)) run.breaks(`the run is left ${state}`);
  if (run.witness.edits.size > 0) return;
  if (state === 'stopped') run.breaks('nothing is in the way, and the run does not come back');
  const isBack = sameStock(run.before, run.cloud.stock);
  if (state === 'rolledBack' && !isBack) run.breaks('the world is not as it was before');
}
