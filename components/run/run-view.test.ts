import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CloudErrorData } from '@/lib/cloud/errors';
import run from '@/lib/messages/en/run.json';
import type { Step } from '@/lib/plan/model';
import { planSplit } from '@/lib/plan/plan-split';
import { testEstate, testSplit } from '@/lib/plan/test-estate';
import type { RunState, RunView, StepState, StepView } from '@/lib/run/model';
import { commandOffers, undoList } from './run-commands';
import { runEffects } from './run-effects';
import { runPhases } from './run-phases';
import { longest, stepDurations } from './step-durations';

const planned = planSplit({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 });
if (!planned.ok) throw new Error('the test estate has everything that the Split names');
const plan = planned.value;

const lost: CloudErrorData = {
  code: 'Network.Timeout',
  message: 'No answer within 10 s.',
  requestId: null,
  action: 'RegisterFunctionTargets',
  region: 'ap-singapore',
  mayHaveHappened: true,
  advice: 'readBack',
};

function view(step: Step, state: StepState, change: Partial<StepView> = {}): StepView {
  const nothing = { startedAt: null, durationMs: null, requestIds: [], outcome: null, attempts: 0 };
  return { step, state, ...nothing, waitingUntil: null, error: null, probe: null, ...change };
}

function runOf(change: Partial<RunView> = {}): RunView {
  return {
    id: 'run-1',
    planId: 'plan-1',
    name: 'test',
    connectionId: 'test',
    connectionKind: 'sandbox',
    state: 'applying',
    direction: 'apply',
    actor: 'local',
    startedAt: '2026-12-11T15:00:00.000Z',
    endedAt: null,
    apply: plan.steps.map((step) => view(step, 'todo')),
    revert: plan.revert.map((step) => view(step, 'todo')),
    held: null,
    plan,
    ...change,
  };
}

const states = fc.constantFrom<StepState>('todo', 'running', 'waiting', 'done', 'skipped', 'failed');
const arbitraryViews = (steps: readonly Step[]) =>
  fc
    .array(fc.tuple(states, fc.boolean()), { minLength: steps.length, maxLength: steps.length })
    .map((drawn) =>
      steps.map((step, i) => view(step, drawn[i]?.[0] ?? 'todo', { error: drawn[i]?.[1] ? lost : null })),
    );

describe('what is in effect', () => {
  it('puts every write in exactly one place', () => {
    fc.assert(
      fc.property(arbitraryViews(plan.steps), arbitraryViews(plan.revert), (apply, revert) => {
        const { applied, unsure, open } = runEffects(runOf({ apply, revert }));
        const placed = [...applied, ...unsure, ...open].map((v) => v.step.id);
        const writes = plan.steps.filter((step) => step.kind === 'write').map((step) => step.id);
        expect(placed.toSorted()).toEqual(writes.toSorted());
      }),
    );
  });

  it('is nothing once all of it was undone', () => {
    const done = (steps: readonly Step[]) => steps.map((step) => view(step, 'done'));
    const reverted = runOf({ apply: done(plan.steps), revert: done(plan.revert) });
    expect(runEffects(reverted).applied).toEqual([]);
    expect(undoList(reverted)).toEqual([]);
  });

  it('is unsure about a call whose reply was lost', () => {
    const apply = plan.steps.map((step, i) =>
      i === 1 ? view(step, 'failed', { error: lost }) : view(step, i === 0 ? 'done' : 'todo'),
    );
    const heldBy = (settled: boolean) =>
      runOf({
        state: 'held',
        apply,
        held: {
          at: '2026-12-11T15:00:05.000Z',
          stepId: 's2',
          reason: { kind: 'cloudError', error: lost, settled },
        },
      });
    const held = heldBy(false);
    expect(runEffects(held).unsure.map((v) => v.step.id)).toEqual(['s2']);
    expect(undoList(held).map((v) => v.step.id)).toEqual(['s2', 's1']);
    // Once the object was read and is as before, there is nothing to be unsure of.
    expect(runEffects(heldBy(true)).open.map((v) => v.step.id)).toContain('s2');
  });
});

describe('phases', () => {
  it('are done, running and to do in their order', () => {
    const apply = plan.steps.map((step, i) => view(step, i < 3 ? 'done' : i === 3 ? 'running' : 'todo'));
    expect(runPhases(runOf({ apply })).map(({ phase, state }) => [phase, state])).toEqual([
      ['prewarm', 'done'],
      ['divert', 'live'],
      ['verify', 'todo'],
    ]);
  });

  it('show where a run is held, also between two steps', () => {
    const held = {
      at: '2026-12-11T15:00:05.000Z',
      stepId: 's4',
      reason: { kind: 'asked', actor: 'local' },
    } as const;
    const apply = plan.steps.map((step, i) => view(step, i < 3 ? 'done' : 'todo'));
    expect(runPhases(runOf({ state: 'held', held, apply }))[1]).toMatchObject({ state: 'failed', share: 0 });
  });

  it('are those of the way back while a run reverts', () => {
    expect(runPhases(runOf({ direction: 'revert' })).map((p) => p.phase)).toEqual(['revert', 'drain']);
  });
});

describe('commands', () => {
  const all: readonly RunState[] = ['queued', 'applying', 'done', 'reverting', 'reverted', 'held', 'closed'];

  it('that are off always have a reason in words', () => {
    for (const state of all) {
      for (const offer of commandOffers(runOf({ state }))) {
        if (offer.can) continue;
        const reasons: Readonly<Record<string, string>> = run.off[offer.command];
        expect(reasons[state], offer.why).toBeTruthy();
      }
    }
  });
});

describe('durations', () => {
  it('leave out waits and what has not ended', () => {
    const revert = plan.revert.map((step) => view(step, 'done', { durationMs: 1500 }));
    const durations = stepDurations(runOf({ direction: 'revert', revert }));
    expect(durations).toHaveLength(plan.revert.length - 1);
    expect(stepDurations(runOf())).toEqual([]);
    expect(longest(durations)?.seconds).toBe(1.5);
    expect(longest([])).toBeUndefined();
  });
});
