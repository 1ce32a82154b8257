import { describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import type { Plan } from '@/lib/plan/model/model';
import type { StepView } from '@/lib/run/model/model';
import { testCutover, testRun, testView } from '@/testing/components/test-run';
import { getNextEvent, viewRunning } from './view-running';

const names = { diversionId: 'D-0001', connectionName: 'niaga' } as Parameters<typeof viewRunning>[1];
const at = '2026-12-11T17:00:05.000Z';

/** The steps of a plan with all before the n-th completed. */
const upTo = (steps: Plan['steps'], done: number): StepView[] =>
  steps.map((step, index) => testView(step, index < done ? 'done' : 'todo'));

describe('the next event of a run', () => {
  it('is the instant for which it waits', () => {
    const gate = { gate: 'T1', due: testCutover.t1 } as const;
    expect(getNextEvent(testRun({ state: 'diverted', gate }))).toEqual({ kind: 'T1', at: testCutover.t1 });
    const waiting = testRun().plan.steps.map((step, index) =>
      index === 2
        ? testView(step, 'waiting', { startedAt: at, waitingUntil: at })
        : testView(step, index < 2 ? 'done' : 'todo'),
    );
    expect(getNextEvent(testRun({ state: 'applying', apply: waiting }))).toMatchObject({ kind: 'wait', at });
  });

  it('is the current step, or the next one', () => {
    const { steps } = testRun().plan;
    const next = getNextEvent(testRun({ state: 'applying', apply: upTo(steps, 2) }));
    expect(next).toEqual({ kind: 'step', step: steps[2] });
  });

  it('is a worker, a decision, a resume or a retry if it waits for that', () => {
    const kinds = (['queued', 'missed', 'paused'] as const).map(
      (state) => getNextEvent(testRun({ state }))?.kind,
    );
    expect(kinds).toEqual(['worker', 'decision', 'resume']);
    const stepId = testRun().plan.steps[0]?.id;
    invariant(stepId !== undefined, 'the plan has steps');
    const retrying = { stepId, since: at, everyMs: 1000, cause: { kind: 'noAnswer' } };
    const run = testRun({ state: 'retrying', retrying } as Parameters<typeof testRun>[0]);
    expect(getNextEvent(run)).toEqual({ kind: 'retry', step: run.plan.steps[0], since: at });
    expect(getNextEvent(testRun({ state: 'done' }))).toBeNull();
  });
});

it('shows a run with its steps and its domains', () => {
  const run = testRun({ state: 'applying', cutover: testCutover });
  const { steps } = run.plan;
  const divert = steps.findIndex(({ phase }) => phase === 'divert');
  const view = viewRunning({ ...run, apply: upTo(steps, divert + 1) } as typeof run, names);
  expect(view).toMatchObject({
    ...names,
    runId: run.id,
    domains: ['shop.example.co.id', 'flash.example.co.id'],
    zone: 'Asia/Jakarta',
  });
});
