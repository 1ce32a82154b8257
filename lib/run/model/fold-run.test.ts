import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { PlanId, StepId } from '@/lib/plan/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { foldRun, type RunAttempt } from './fold-run';
import type { RunEvent, RunState, RunView, StepView, StopReason } from './model';
import { runEffects } from './run-effects';
import { RunId } from './run-id';

const plan = createTestPlan();

const at = (second: number) => new Date(Date.UTC(2026, 11, 12, 0, 0, second)).toISOString();
const apply = { direction: 'apply' } as const;

const story: readonly RunEvent[] = [
  { type: 'started', actor: 'local', attempt: 1, at: at(0), ...apply },
  { type: 'intent', stepId: StepId.parse('s1'), action: 'CreateRule', attempt: 1, at: at(1), ...apply },
  { type: 'accepted', stepId: StepId.parse('s1'), requestId: 'r-1', taskId: 'r-1', at: at(2), ...apply },
  {
    type: 'stepDone',
    stepId: StepId.parse('s1'),
    outcome: 'applied',
    requestId: 'r-1',
    durationMs: 2000,
    at: at(3),
    ...apply,
  },
  {
    type: 'intent',
    stepId: StepId.parse('s2'),
    action: 'RegisterFunctionTargets',
    attempt: 1,
    at: at(4),
    ...apply,
  },
  {
    type: 'stopped',
    stepId: StepId.parse('s2'),
    reason: { kind: 'internal', message: 'x' },
    at: at(5),
    ...apply,
  },
];

const attempt = (n: number, direction: RunAttempt['direction'] = 'apply'): RunAttempt => ({
  attempt: n,
  direction,
  actor: 'local',
  reason: '',
  requestedAt: at(0),
});

function fold(events: readonly RunEvent[], attempts: readonly RunAttempt[] = [attempt(1)]) {
  return foldRun({
    id: RunId.parse('R-1'),
    planId: PlanId.parse('P-1'),
    plan,
    cutover: null,
    guards: [],
    connectionKind: 'sandbox',
    attempts,
    events,
  });
}

describe('foldRun', () => {
  it.each<[string, readonly RunEvent[], readonly RunAttempt[], RunState]>([
    ['nothing was begun', [], [attempt(1)], 'queued'],
    ['steps run', story.slice(0, 5), [attempt(1)], 'applying'],
    ['it was stopped', story, [attempt(1)], 'stopped'],
    ['a retry is asked for', story, [attempt(1), attempt(2)], 'queued'],
    [
      'it was closed',
      [...story, { type: 'closed', actor: 'local', at: at(9), ...apply }],
      [attempt(1)],
      'closed',
    ],
    [
      'the rollback runs',
      [...story, { type: 'started', actor: 'local', attempt: 2, at: at(9), direction: 'rollback' }],
      [attempt(1), attempt(2, 'rollback')],
      'rollingBack',
    ],
  ])('returns the state of a run: %s', (_name, events, attempts, state) => {
    expect(fold(events, attempts).state).toBe(state);
  });

  it('returns steps with their request ids, durations and attempts', () => {
    expect(fold(story).apply[0]).toMatchObject({
      state: 'done',
      requestIds: ['r-1'],
      durationMs: 2000,
      attempts: 1,
    });
    expect(fold(story).apply[2]).toMatchObject({ state: 'todo', requestIds: [] });
  });

  it('shows a step that a rollback interrupted as interrupted, and those after it as not run', () => {
    const turned = [
      ...story.slice(0, 5),
      { type: 'rollback', why: { kind: 'T1' }, at: at(6), direction: 'rollback' },
    ] as const satisfies readonly RunEvent[];
    const states = ({ apply: steps }: RunView) => steps.map(({ state }) => state);
    expect(states(fold(story.slice(0, 5))).slice(0, 3)).toEqual(['done', 'running', 'todo']);
    const rolledBack = fold(turned);
    expect(states(rolledBack).slice(0, 3)).toEqual(['done', 'interrupted', 'notRun']);
    expect(rolledBack.rollback[0]?.state).toBe('todo');
    expect(runEffects(rolledBack).unsure.map(({ step }) => step.id)).toEqual(['s2']);
    const closed = fold([...story.slice(0, 5), { type: 'closed', actor: 'local', at: at(6), ...apply }]);
    expect(states(closed)).not.toContain('running');
    const aborted = fold([...turned, { type: 'closed', actor: 'local', at: at(7), direction: 'rollback' }]);
    expect([...states(aborted), ...aborted.rollback.map(({ state }) => state)]).not.toContain('todo');
  });

  const object = plan.steps[1]?.kind === 'write' ? plan.steps[1].object : undefined;
  const state = { kind: 'provisioned', instances: 0 } as const;
  it.each<[string, boolean]>([
    ['notEffective', true],
    ['internal', true],
    ['drift', false],
    ['guard', false],
  ])(
    'reports whether a step stopped for %s may be applied: %s, while stopped and after the rollback began',
    (kind, may) => {
      invariant(object !== undefined, 'the second step writes');
      const guard = { measure: 'latency', limit: 1, forS: 1, outcome: 'stop' } as const;
      const reasons: Readonly<Record<string, StopReason>> = {
        notEffective: { kind: 'notEffective', object, expected: state, found: state },
        drift: { kind: 'drift', object, expected: state, found: state },
        internal: { kind: 'internal', message: 'broken' },
        guard: { kind: 'guard', breach: { guard, value: 2, since: at(1) } },
      };
      const reason = reasons[kind];
      invariant(reason !== undefined, 'each kind has a reason');
      const stopped: readonly RunEvent[] = [
        ...story.slice(0, 5),
        { type: 'stopped', stepId: StepId.parse('s2'), reason, at: at(5), ...apply },
      ];
      const unsure = (view: RunView) => runEffects(view).unsure.map(({ step }) => step.id);
      expect(unsure(fold(stopped))).toEqual(may ? ['s2'] : []);
      const back = { type: 'started', actor: 'local', attempt: 2, at: at(9), direction: 'rollback' } as const;
      expect(unsure(fold([...stopped, back], [attempt(1), attempt(2, 'rollback')]))).toEqual(
        may ? ['s2'] : [],
      );
    },
  );

  it('returns the reason why a closed run was stopped', () => {
    const closed = fold([...story, { type: 'closed', actor: 'local', at: at(9), ...apply }]);
    expect(closed.stopped).toMatchObject({ stepId: 's2', reason: { kind: 'internal' } });
  });

  it('property: a duplicate event changes only the number of attempts', () => {
    fc.assert(
      fc.property(fc.nat(story.length - 1), (index) => {
        const doubled = story.flatMap((event, i) => (i === index ? [event, event] : [event]));
        const plain = fold(story);
        const twice = fold(doubled);
        const withoutCounts = (view: typeof plain) =>
          view.apply.map(({ attempts: _attempts, ...rest }) => rest);
        expect(twice.state).toBe(plain.state);
        expect(withoutCounts(twice)).toEqual(withoutCounts(plain));
      }),
    );
  });
});

// Compile-time test: these fail the type check.
it('has a type that allows only valid states', () => {
  type Run<State extends RunState> = RunView & { readonly state: State };
  expectTypeOf<Run<'stopped'>['stopped']>().toExtend<object>();
  expectTypeOf<Run<'stopped'>['endedAt']>().toEqualTypeOf<string>();
  expectTypeOf<Run<'retrying'>['retrying']>().toExtend<object>();
  expectTypeOf<Run<'applying'>['stopped' | 'retrying' | 'gate' | 'endedAt']>().toEqualTypeOf<null>();
  expectTypeOf<(StepView & { state: 'todo' | 'running' })['outcome']>().toEqualTypeOf<null>();
  expectTypeOf<(StepView & { state: 'done' | 'skipped' })['durationMs']>().toEqualTypeOf<number>();
  expectTypeOf<PlanId>().not.toExtend<RunId>();
  expectTypeOf<string>().not.toExtend<StepId>();
});
