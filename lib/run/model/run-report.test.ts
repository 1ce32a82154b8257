import { describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { PlanId, StepId } from '@/lib/plan/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import type { RunRecord } from './fold-run';
import type { Direction, RunEvent } from './model';
import { RunId } from './run-id';
import { reportRun } from './run-report';

const plan = createTestPlan();
const writes = plan.steps.filter((step) => step.kind === 'write');
const undoing = plan.rollback.filter((step) => step.kind === 'write');
const drain = plan.rollback.find((step) => step.kind === 'drain');
invariant(drain?.kind === 'drain', 'the rollback of a Split drains');

const t0 = Date.parse('2026-12-12T00:00:00.000Z');
const at = (seconds: number) => new Date(t0 + seconds * 1000).toISOString();
const done = (id: string, seconds: number, direction: Direction, outcome = 'applied') =>
  ({
    type: 'stepDone',
    stepId: StepId.parse(id),
    outcome,
    requestId: `r-${id}`,
    durationMs: 5,
    at: at(seconds),
    direction,
  }) as RunEvent;
const started = (attempt: number, seconds: number, direction: Direction): RunEvent => ({
  type: 'started',
  actor: 'sari',
  attempt,
  at: at(seconds),
  direction,
});

function record(events: readonly RunEvent[]): RunRecord {
  const attempt = {
    attempt: 1,
    direction: 'apply',
    actor: 'sari',
    reason: '',
    requestedAt: at(-60),
  } as const;
  return {
    id: RunId.parse('R-1'),
    planId: PlanId.parse('P-1'),
    plan,
    cutover: null,
    guards: [],
    connectionKind: 'sandbox',
    attempts: [attempt],
    events,
  };
}

const applied = [started(1, -60, 'apply'), ...writes.map(({ id }, nth) => done(id, nth * 10, 'apply'))];
const moved = writes.findIndex(({ phase }) => phase === 'divert') * 10;

describe('the report of a run', () => {
  it('lists each change with its request, and marks changes that were not rolled back as in effect', () => {
    const { changes, window } = reportRun(record(applied));
    expect(changes.map(({ step }) => step.id)).toEqual(writes.map(({ id }) => id));
    expect(changes[0]).toMatchObject({
      doneAt: at(0),
      rolledBackAt: null,
      requestIds: [`r-${writes[0]?.id}`],
    });
    expect(window).toEqual({ from: at(moved), until: null });
  });

  it('ends the visible impact when old DNS answers have expired after the rollback', () => {
    const back = undoing.map(({ id }, nth) => done(id, 1000 + nth, 'rollback'));
    const { changes, window } = reportRun(record([...applied, started(2, 990, 'rollback'), ...back]));
    expect(changes.every(({ rolledBackAt }) => rolledBackAt !== null)).toBe(true);
    const divert = changes.filter(({ step }) => step.phase === 'divert');
    const last = Math.max(...divert.map(({ rolledBackAt }) => Date.parse(rolledBackAt ?? '')));
    expect(window).toEqual({
      from: at(moved),
      until: new Date(last + drain.oldTtlS * 1000).toISOString(),
    });
  });

  it('excludes steps without a change, and reports that nothing moved', () => {
    const found = writes.map(({ id }, nth) => done(id, nth, 'apply', 'already'));
    expect(reportRun(record([started(1, -60, 'apply'), ...found]))).toMatchObject({
      changes: [],
      window: null,
    });
  });

  it('keeps the first start, and counts probes of steps and of measurement rounds', () => {
    const answer = {
      passed: true,
      latencyMs: 20,
      status: '200',
      address: '127.0.0.1:80',
      body: '',
      failure: null,
    };
    const stepId = StepId.parse('s9');
    const round = { stepId, passed: false, latencyMs: 400, status: '502', failure: 'status 502' };
    const events: readonly RunEvent[] = [
      started(1, -60, 'apply'),
      { type: 'probed', stepId, answer, at: at(1), direction: 'apply' },
      {
        type: 'watched',
        sample: { at: at(2), measures: {}, probes: [round] },
        at: at(2),
        direction: 'apply',
      },
      started(2, 5, 'apply'),
    ];
    expect(reportRun(record(events))).toMatchObject({
      startedAt: at(-60),
      probes: {
        sent: 2,
        slowestMs: 400,
        failed: [{ at: at(2), address: 's9', status: '502', failure: 'status 502' }],
      },
    });
  });
});
