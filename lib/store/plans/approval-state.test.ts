import { expect, it } from 'vitest';
import type { Cutover } from '@/lib/diversion/cutover';
import { PlanId } from '@/lib/plan/model/model';
import type { RunRecord } from '@/lib/run/model/fold-run';
import type { Direction, RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { approvalState } from './approval-state';

const plan = createTestPlan();

const t0 = '2026-12-12T00:00:00.000Z';
const clock: Cutover = {
  t0,
  prewarmS: 60,
  t1: null,
  zone: 'UTC',
  missedT0: { kind: 'ask' },
  guards: [],
};
const at = '2026-12-11T23:00:00.000Z';
const stamp = { at, direction: 'apply' } as const;
const said = { actor: 'sari', reason: '' };
const event = {
  started: { type: 'started', actor: 'sari', attempt: 1, ...stamp },
  prewarm: { type: 'gate', gate: 'prewarm', due: t0, ...stamp },
  ready: { type: 'gate', gate: 'T0', due: t0, ...stamp },
  passed: { type: 'passed', gate: 'T0', latenessMs: 0, ...stamp },
  missed: { type: 'missed', lateMs: 60_000, ...stamp },
  paused: { type: 'paused', ...said, ...stamp },
  stopped: { type: 'stopped', stepId: null, reason: { kind: 'invalid', problems: [] }, ...stamp },
  stoppedBack: {
    type: 'stopped',
    stepId: null,
    reason: { kind: 'invalid', problems: [] },
    at,
    direction: 'rollback',
  },
  rollback: { type: 'rollback', why: { kind: 'T1' }, at, direction: 'rollback' },
  done: { type: 'finished', result: 'done', ...stamp },
  closed: { type: 'closed', actor: 'sari', ...stamp },
} satisfies Record<string, RunEvent>;

function run(names: readonly (keyof typeof event)[], cutover: Cutover | null = clock): RunRecord {
  const attempt = { attempt: 1, direction: 'apply' as Direction, actor: 'sari', reason: '', requestedAt: at };
  const events = names.map((name) => event[name]);
  return {
    id: RunId.parse('R-1'),
    planId: PlanId.parse('P-1'),
    plan,
    connectionKind: 'sandbox',
    attempts: [attempt],
    cutover,
    guards: [],
    events,
  };
}

const before = (seconds: number) => new Date(Date.parse(t0) - seconds * 1000);

it.each([
  ['before there is a run', null, 60, 'open'],
  ['while its run is queued', run([]), 3600, 'open'],
  ['while it waits for prewarm', run(['started', 'prewarm']), 120, 'open'],
  ['while it waits for T0', run(['started', 'ready']), 6, 'open'],
  ['in the time of the last check', run(['started', 'ready']), 5, 'begun'],
  ['while it is paused at T0, since it is re-validated', run(['started', 'ready', 'paused']), -60, 'open'],
  ['while it is stopped at T0, for the same', run(['started', 'ready', 'stopped']), -60, 'open'],
  ['once T0 has passed', run(['started', 'ready', 'passed']), -1, 'begun'],
  [
    'when T0 was missed and a person decides, since it is checked again',
    run(['started', 'ready', 'passed', 'missed']),
    -60,
    'open',
  ],
  ['while it is stopped after T0, for the same', run(['started', 'ready', 'passed', 'stopped']), -60, 'open'],
  ['during rollback', run(['started', 'rollback']), -60, 'begun'],
  ['of a run at once that no worker has started', run([], null), 0, 'open'],
  ['of a run at once', run(['started'], null), 0, 'begun'],
  [
    'of a run at once that is stopped, since a retry is checked',
    run(['started', 'stopped'], null),
    0,
    'open',
  ],
  ['of one whose rollback is stopped', run(['started', 'rollback', 'stoppedBack'], null), 0, 'begun'],
  ['of a run that is done', run(['started', 'done']), -60, 'over'],
  ['of one whose schedule was canceled', run(['started', 'prewarm', 'closed']), 120, 'open'],
  ['of one that was left as is after it began', run(['started', 'prewarm', 'passed', 'closed']), 120, 'over'],
] as const)('decides by approvals: %s', (_, record, seconds, state) => {
  expect(approvalState(record, before(seconds))).toBe(state);
});
