import type { RunPageView } from '@/lib/contract/run';
import { DiversionId } from '@/lib/diversion/diversion';
import { PlanId, type Step } from '@/lib/plan/model/model';
import type { RunState, RunView, StepState, StepView } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { createTestPlan } from '@/testing/plan/create-test-plan';

const planned = createTestPlan();

/** The plan of the test runs: a Split with six apply steps. */
export const testRunPlan = planned;

const at = '2026-12-11T15:00:05.000Z';

type StepChange = { readonly [Key in keyof StepView]?: StepView[Key] };

/** Returns a step in a state, by default without further data. */
export function testView(step: Step, state: StepState, change: StepChange = {}): StepView {
  const nothing = { startedAt: null, waitingUntil: null, error: null, durationMs: null, outcome: null };
  const facts = { step, state, requestIds: [], attempts: 0, probe: null, gap: null };
  const isOver = state === 'done' || state === 'skipped';
  const result = { startedAt: at, durationMs: 0, outcome: 'applied', keptWeights: [] };
  return {
    ...facts,
    ...nothing,
    keptWeights: null,
    mayBeApplied: null,
    ...(isOver ? result : {}),
    ...change,
  } as StepView;
}

type RunChange = { readonly [Key in keyof RunPageView]?: RunPageView[Key] };

const stopped = { at, stepId: null, reason: { kind: 'internal', message: 'x' } } as const;
const stoppedBy = { at, actor: 'local', reason: '', isStop: false };
/** The default fields of runs by state. */
const stateDefaults: { readonly [State in RunState]?: RunChange } = {
  stopped: { stopped, endedAt: at },
  paused: { stoppedBy },
  closed: { stoppedBy, endedAt: at },
  done: { endedAt: at },
  rolledBack: { endedAt: at },
};

/** Returns a run, by default one that has begun and done nothing yet. */
export function testRun(change: RunChange = {}): RunPageView {
  const state = change.state ?? 'applying';
  const run = {
    id: RunId.parse('r-1'),
    planId: PlanId.parse('p-1'),
    name: '12.12 flash split',
    connectionId: 'test',
    connectionKind: 'sandbox',
    state,
    direction: 'apply',
    actor: 'local',
    startedAt: at,
    endedAt: null,
    apply: testRunPlan.steps.map((step) => testView(step, 'todo')),
    rollback: testRunPlan.rollback.map((step) => testView(step, 'todo')),
    stopped: null,
    retrying: null,
    stoppedBy: null,
    rollbackReason: null,
    cutover: null,
    guards: change.cutover?.guards ?? [],
    gate: null,
    latenessMs: null,
    checked: null,
    refused: [],
    samples: [],
    plan: testRunPlan,
    diversionId: DiversionId.parse('D-0001'),
    isCanceled: false,
    replaces: null,
    replacedBy: null,
    figureIntervals: { trafficS: 60, probeS: 10 },
    prunedAt: null,
    failoverProbes: null,
    blocked: null,
    ...stateDefaults[state],
    ...change,
  };
  return run as RunPageView;
}

/**
 * The cutover of a run from 22:40 to 02:00 in Jakarta, T0 at midnight there, with one guard that rolls back and one
 * that holds.
 */
export const testCutover = {
  t0: '2026-12-11T17:00:00.000Z',
  prewarmS: 4800,
  t1: '2026-12-11T19:00:00.000Z',
  zone: 'Asia/Jakarta',
  missedT0: { kind: 'ask' },
  guards: [
    { measure: 'probeFailures', limit: 50, forS: 20, outcome: 'rollback' },
    { measure: 'latency', limit: 5000, forS: 30, outcome: 'stop' },
  ],
} satisfies RunView['cutover'];
