import { describe, expect, it } from 'vitest';
import type { Cutover } from '@/lib/diversion/cutover';
import { SwitchDiversion } from '@/lib/diversion/switch';
import { invariant } from '@/lib/invariant';
import type { Step } from '@/lib/plan/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testWaves } from '@/testing/plan/test-estate';
import { RehearsedRun } from '@/testing/rehearsal/rehearsed-run';
import { RehearsalCloud } from '@/testing/rehearsal/test-cloud';
import { VirtualClock } from './virtual-clock';

/* Runs of two names in two waves, on a virtual clock. */

const t0 = new Date('2026-12-12T00:00:00Z');
const isMove = ({ kind, phase }: Step) => kind === 'write' && phase === 'divert';

/** Returns a run of two waves, first `flash` and then `shop`, with shares of their moves in percent. */
function runWaves(cutover: Cutover | null, ramp: readonly number[] = [100]) {
  const diversion = SwitchDiversion.parse({
    ...testWaves([['flash.example.co.id'], ['shop.example.co.id']], 20),
    ramp: ramp.map((percent) => ({ percent, bakeS: percent === 100 ? 0 : 120 })),
  });
  const plan = createTestPlan({ diversion });
  const run = new RehearsedRun(plan, cutover, new VirtualClock(t0));
  const findMoves = (wave: number) => {
    const moves = plan.steps.filter((step) => step.wave === wave && isMove(step));
    invariant(moves.length > 0, `wave ${wave} moves`);
    return moves;
  };
  const listDone = () => run.view().apply.flatMap(({ step, state }) => (state === 'done' ? [step] : []));
  /** Calls back once when a step is done. */
  const onDone = (step: Step | undefined, act: () => void) => {
    run.onEvent = (event) => {
      if (event.type === 'stepDone' && event.direction === 'apply' && event.stepId === step?.id) act();
    };
  };
  return { run, findMoves, listDone, onDone };
}

/** Rolls a run back, and expects all objects as they were before it. */
async function expectRolledBack(run: RehearsedRun): Promise<void> {
  expect(await run.go('rollback')).toBe('rolledBack');
  expect(run.cloud.states).toEqual(new RehearsalCloud(run.plan, run.clock).states);
}

describe('a run of two waves', () => {
  it('moves the second wave after the first is verified and has baked, and rolls both back', async () => {
    const { run, findMoves } = runWaves(null);
    expect(await run.go('apply')).toBe('done');
    const over = run.engine.events.flatMap((event) => (event.type === 'stepDone' ? [event.stepId] : []));
    const find = (kind: Step['kind']) =>
      run.plan.steps.filter((step) => step.kind === kind && step.wave === 1 && step.phase !== 'prewarm');
    const at = (steps: readonly Step[]) => steps.map(({ id }) => over.indexOf(id));
    const [bake] = find('bake');
    invariant(bake !== undefined, 'the first wave bakes');
    expect(Math.max(...at(findMoves(1)))).toBeLessThan(Math.min(...at(find('probe'))));
    expect(Math.max(...at(find('probe')))).toBeLessThan(Math.min(...at(findMoves(2))));
    expect(over.indexOf(bake.id)).toBeLessThan(Math.min(...at(findMoves(2))));
    await expectRolledBack(run);
  });

  it('is stopped by a call of the second wave that fails, and rolls both waves back', async () => {
    const { run, findMoves, listDone, onDone } = runWaves(null, [50, 100]);
    // Half of the second wave has moved.
    onDone(findMoves(2)[0], () => run.cloud.away(new Date('2030-01-01'), 'FailedOperation', 'giveUp'));
    expect(await run.go('apply')).toBe('stopped');
    const { stopped, apply } = run.view();
    expect(stopped?.reason.kind).toBe('cloudError');
    expect(apply.find(({ step }) => step.id === stopped?.stepId)?.step.wave).toBe(2);
    expect(
      new Set(
        listDone()
          .filter(isMove)
          .map(({ wave }) => wave),
      ),
    ).toEqual(new Set([1, 2]));
    run.cloud.away(new Date(0));
    await expectRolledBack(run);
  });

  it('automatically rolls both waves back when a guard is breached while the second one bakes', async () => {
    const guards: Cutover['guards'] = [
      { measure: 'probeFailures', limit: 50, forS: 10, outcome: 'rollback' },
    ];
    const missedT0 = { kind: 'runIfLate', withinS: 86_400 } as const;
    const cutover = { t0: t0.toISOString(), prewarmS: 0, t1: null, zone: 'UTC', missedT0, guards };
    const { run, findMoves, listDone } = runWaves(cutover, [50, 100]);
    run.onEvent = (event) => {
      const bakes =
        event.type === 'baking' ? run.plan.steps.find(({ id }) => id === event.stepId) : undefined;
      if (bakes?.wave === 2) run.cloud.answer(false);
      if (event.type === 'rollback') run.cloud.answer(true);
    };
    expect(await run.go('apply')).toBe('rolledBack');
    expect(run.view().rollbackReason?.why).toMatchObject({ kind: 'guard' });
    const done = listDone();
    expect(findMoves(1).every((step) => done.includes(step))).toBe(true);
    expect(findMoves(2).some((step) => done.includes(step))).toBe(true);
    expect(findMoves(2).every((step) => done.includes(step))).toBe(false);
    expect(run.cloud.states).toEqual(new RehearsalCloud(run.plan, run.clock).states);
  });

  it('never moves the second wave if the first is not verified', async () => {
    const { run, findMoves, listDone, onDone } = runWaves(null);
    onDone(findMoves(1).at(-1), () => run.cloud.answer(false));
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view().stopped?.reason.kind).toBe('probeFailed');
    expect(
      new Set(
        listDone()
          .filter(isMove)
          .map(({ wave }) => wave),
      ),
    ).toEqual(new Set([1]));
    run.cloud.answer(true);
    await expectRolledBack(run);
  });
});
