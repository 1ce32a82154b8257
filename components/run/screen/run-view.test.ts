import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longest, stepDurations } from '@/components/run/clock/step-durations-panel';
import { goesBackAtT1 } from '@/components/run/commands/run-commands';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { Step } from '@/lib/plan/model/model';
import { StepId } from '@/lib/plan/model/model';
import type { StepState, StopReason } from '@/lib/run/model/model';
import { runEffects, undoList } from '@/lib/run/model/run-effects';
import {
  testRunPlan as plan,
  testRun as runOf,
  testCutover,
  testView as view,
} from '@/testing/components/test-run';

const lost: CloudErrorData = {
  code: 'Network.Timeout',
  message: 'No answer within 10 s.',
  requestId: null,
  action: 'RegisterFunctionTargets',
  region: 'ap-singapore',
  mayHaveHappened: true,
  advice: 'readBack',
};

const states = fc.constantFrom<StepState>('todo', 'running', 'waiting', 'done', 'skipped', 'failed');
const arbitraryViews = (steps: readonly Step[]) =>
  fc
    .array(fc.tuple(states, fc.boolean()), { minLength: steps.length, maxLength: steps.length })
    .map((drawn) =>
      steps.map((step, i) => view(step, drawn[i]?.[0] ?? 'todo', { error: drawn[i]?.[1] ? lost : null })),
    );

describe('the writes in effect', () => {
  it('list every write in exactly one place', () => {
    fc.assert(
      fc.property(arbitraryViews(plan.steps), arbitraryViews(plan.rollback), (apply, rollback) => {
        const { applied, unsure, open } = runEffects(runOf({ apply, rollback }));
        const placed = [...applied, ...unsure, ...open].map((v) => v.step.id);
        const writes = plan.steps.filter((step) => step.kind === 'write').map((step) => step.id);
        expect(placed.toSorted()).toEqual(writes.toSorted());
      }),
    );
  });

  it('are empty after everything was undone', () => {
    const done = (steps: readonly Step[]) => steps.map((step) => view(step, 'done'));
    const rolledBack = runOf({ apply: done(plan.steps), rollback: done(plan.rollback) });
    expect(runEffects(rolledBack).applied).toEqual([]);
    expect(undoList(rolledBack)).toEqual([]);
  });

  it('include a call as uncertain if its response was lost', () => {
    const stoppedBy = (settled: boolean) =>
      runOf({
        state: 'stopped',
        apply: plan.steps.map((step, i) =>
          i === 1 ? view(step, 'failed', { mayBeApplied: !settled }) : view(step, i === 0 ? 'done' : 'todo'),
        ),
        stopped: {
          at: '2026-12-11T15:00:05.000Z',
          stepId: StepId.parse('s2'),
          reason: { kind: 'cloudError', error: lost, settled },
        },
      });
    const stopped = stoppedBy(false);
    expect(runEffects(stopped).unsure.map((v) => v.step.id)).toEqual(['s2']);
    expect(undoList(stopped).map((v) => v.step.id)).toEqual(['s2', 's1']);
    // Once the object was read and is unchanged, nothing is uncertain.
    expect(runEffects(stoppedBy(true)).open.map((v) => v.step.id)).toContain('s2');
  });
});

describe('commands', () => {
  it('roll back nothing that was already in place before the run', () => {
    const apply = plan.steps.map((step, i) => view(step, i === 0 ? 'skipped' : i < 3 ? 'done' : 'todo'));
    const [first, ...rest] = apply;
    if (first === undefined) throw new Error('the plan has steps');
    const ours = runOf({ apply: [view(first.step, 'skipped', { outcome: 'already' }), ...rest] });
    expect(undoList(ours).map((v) => v.step.id)).toEqual(['s2']);
  });

  it('include the time when a stopped run rolls back automatically', () => {
    const begun = plan.steps.map((step, i) => view(step, i === 0 ? 'done' : 'todo'));
    const stopped = { state: 'stopped', cutover: testCutover, apply: begun } as const;
    expect(goesBackAtT1(runOf(stopped))).toBe(true);
    expect(goesBackAtT1(runOf({ ...stopped, cutover: { ...testCutover, t1: null } }))).toBe(false);
    const back = (stoppedAt: string, reason: StopReason = { kind: 'internal', message: 'x' }) =>
      goesBackAtT1(
        runOf({ ...stopped, direction: 'rollback', stopped: { at: stoppedAt, stepId: null, reason } }),
      );
    const t1 = Date.parse(testCutover.t1 ?? '');
    expect(back(new Date(t1 - 1000).toISOString())).toBe(true);
    expect(back(new Date(t1 + 1000).toISOString())).toBe(false);
    const [step] = plan.steps;
    if (step?.kind !== 'write') throw new Error('the plan begins with a write');
    const { object, before, after } = step;
    const drift = { kind: 'drift', object, expected: before, found: after } as const;
    expect(back(new Date(t1 - 1000).toISOString(), drift)).toBe(false);
    expect(goesBackAtT1(runOf({ state: 'stopped', cutover: testCutover }))).toBe(false);
  });
});

describe('durations', () => {
  it('exclude waits and unfinished steps', () => {
    const rollback = plan.rollback.map((step) => view(step, 'done', { durationMs: 1500 }));
    const durations = stepDurations(runOf({ direction: 'rollback', rollback }));
    expect(durations).toHaveLength(plan.rollback.length - 1);
    expect(stepDurations(runOf())).toEqual([]);
    expect(longest(durations)?.seconds).toBe(1.5);
    expect(longest([])).toBeUndefined();
  });

  it('exclude bakes', () => {
    const bake = {
      kind: 'bake',
      id: StepId.parse('b1'),
      phase: 'divert',
      name: 'flash.example.co.id',
      percent: 10,
      oldTtlS: 60,
      bakeS: 120,
      needs: [],
    } as const;
    const apply = [view({ ...bake, forecastMs: 120_000 }, 'done', { durationMs: 120_000 })];
    expect(stepDurations(runOf({ apply }))).toEqual([]);
  });
});
