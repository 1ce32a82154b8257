import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { PlanId, StepId } from '@/lib/plan/model/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { foldRun, type RunAttempt } from './fold-run';
import type { RunEvent, RunState, RunView, StepView } from './model';
import { RunId } from './model';

const planned = planDiversion({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 });
invariant(planned.ok, 'the test estate can be planned');
const plan = planned.value;

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
    type: 'held',
    stepId: StepId.parse('s2'),
    reason: { kind: 'command', actor: 'local' },
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
    connectionKind: 'sandbox',
    attempts,
    events,
  });
}

describe('foldRun', () => {
  it.each<[string, readonly RunEvent[], readonly RunAttempt[], RunState]>([
    ['nothing was begun', [], [attempt(1)], 'queued'],
    ['steps run', story.slice(0, 5), [attempt(1)], 'applying'],
    ['it was held', story, [attempt(1)], 'held'],
    ['a retry is asked for', story, [attempt(1), attempt(2)], 'queued'],
    [
      'it was closed',
      [...story, { type: 'closed', actor: 'local', at: at(9), ...apply }],
      [attempt(1)],
      'closed',
    ],
    [
      'the rollback runs',
      [...story, { type: 'started', actor: 'local', attempt: 2, at: at(9), direction: 'revert' }],
      [attempt(1), attempt(2, 'revert')],
      'reverting',
    ],
  ])('says the state of a run: %s', (_name, events, attempts, state) => {
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

  it('gives the reason why a closed run was held', () => {
    const closed = fold([...story, { type: 'closed', actor: 'local', at: at(9), ...apply }]);
    expect(closed.held).toMatchObject({ stepId: 's2', reason: { kind: 'command' } });
  });

  it('property: an event that was written twice changes only the count of tries', () => {
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

// The compiler is the test: these fail the type check.
it('has a type only for what fits a state', () => {
  type Run<State extends RunState> = RunView & { readonly state: State };
  expectTypeOf<Run<'held'>['held']>().toExtend<object>();
  expectTypeOf<Run<'held'>['endedAt']>().toEqualTypeOf<string>();
  expectTypeOf<Run<'retrying'>['retrying']>().toExtend<object>();
  expectTypeOf<Run<'applying'>['held' | 'retrying' | 'gate' | 'endedAt']>().toEqualTypeOf<null>();
  expectTypeOf<(StepView & { state: 'todo' | 'running' })['outcome']>().toEqualTypeOf<null>();
  expectTypeOf<(StepView & { state: 'done' | 'skipped' })['durationMs']>().toEqualTypeOf<number>();
  expectTypeOf<PlanId>().not.toExtend<RunId>();
  expectTypeOf<string>().not.toExtend<StepId>();
});
