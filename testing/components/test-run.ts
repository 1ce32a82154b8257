import type { RunPageView } from '@/lib/client/views';
import type { Step } from '@/lib/plan/model/model';
import { PlanId } from '@/lib/plan/model/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import type { RunView, StepState, StepView } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/model';
import { testEstate, testSplit } from '@/testing/plan/test-estate';

const planned = planDiversion({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 });
if (!planned.ok) throw new Error('the test estate has everything that the Split names');

/** The plan of the test runs: a Split with six apply steps. */
export const testRunPlan = planned.value;

/** Returns a step in a state, with nothing else known about it unless passed. */
export function testView(step: Step, state: StepState, change: Partial<StepView> = {}): StepView {
  const nothing = {
    startedAt: null,
    durationMs: null,
    requestIds: [],
    outcome: null,
    keptWeights: [],
    attempts: 0,
  };
  return { step, state, ...nothing, waitingUntil: null, error: null, probe: null, ...change };
}

/** Returns a run that has begun and done nothing yet, unless passed otherwise. */
export function testRun(change: Partial<RunPageView> = {}): RunPageView {
  return {
    id: RunId.parse('r-1'),
    planId: PlanId.parse('p-1'),
    name: '12.12 flash split',
    connectionId: 'test',
    connectionKind: 'sandbox',
    state: 'applying',
    direction: 'apply',
    actor: 'local',
    startedAt: '2026-12-11T15:00:05.000Z',
    endedAt: null,
    apply: testRunPlan.steps.map((step) => testView(step, 'todo')),
    revert: testRunPlan.revert.map((step) => testView(step, 'todo')),
    held: null,
    retrying: null,
    said: null,
    turned: null,
    cutover: null,
    gate: null,
    latenessMs: null,
    checked: null,
    refused: [],
    samples: [],
    plan: testRunPlan,
    replaces: null,
    replacedBy: null,
    prunedAt: null,
    ...change,
  };
}

/**
 * The cutover of a run from 22:40 to 02:00 in Jakarta, T0 at midnight there, with a guard that rolls back and one that
 * holds.
 */
export const testCutover = {
  t0: '2026-12-11T17:00:00.000Z',
  prewarmS: 4800,
  t1: '2026-12-11T19:00:00.000Z',
  zone: 'Asia/Jakarta',
  missedT0: { kind: 'ask' },
  guards: [
    { measure: 'probeFailures', limit: 50, forS: 20, outcome: 'revert' },
    { measure: 'latency', limit: 5000, forS: 30, outcome: 'hold' },
  ],
} satisfies RunView['cutover'];
