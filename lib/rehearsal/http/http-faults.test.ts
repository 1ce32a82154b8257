import { describe, expect, it } from 'vitest';
import { type RehearsalFault, type RehearsalFaultKind, rehearsalFaultKinds } from '@/lib/rehearsal/input';
import type { FaultReport, RehearsalReport } from '@/lib/rehearsal/report/report';
import { testSwitch } from '@/testing/plan/test-estate';
import { testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { rehearseHttp } from './rehearse-http';

/* Each kind of fault, with real requests, in some twenty seconds; waits run some twenty times as fast. */

type Case = {
  readonly fault: Omit<RehearsalFault, 'kind' | 'object'>;
  readonly answers: readonly FaultReport['answer'][];
  /** Checks the rest of the report. */
  readonly expectMore: (report: RehearsalReport) => void;
};

const once = { forS: 0, amount: 0 };
const endsAtT1 = ({ run }: RehearsalReport) =>
  expect(run).toMatchObject({ state: 'reverted', rollback: { code: 'T1' } });
const hasOutcome = ({ timeline }: RehearsalReport, code: string, outcome: string) =>
  timeline.some((entry) => entry.code === code && entry.values.outcome === outcome);
const seesError = ({ errors }: RehearsalReport, cause: string) =>
  expect(errors).toContainEqual(expect.objectContaining({ cause, seenBy: 'run' }));

const cases: Readonly<Record<RehearsalFaultKind, Case>> = {
  apiErrors: {
    fault: { atS: -20, forS: 100, amount: 100 },
    answers: ['recovered', 'retried'],
    expectMore: (report) => {
      endsAtT1(report);
      seesError(report, 'InternalError');
    },
  },
  apiThrottled: {
    fault: { atS: -20, forS: 100, amount: 100 },
    answers: ['recovered', 'retried'],
    expectMore: (report) => {
      endsAtT1(report);
      seesError(report, 'RequestLimitExceeded');
    },
  },
  apiDown: {
    fault: { atS: -20, forS: 100, amount: 0 },
    answers: ['recovered', 'retried'],
    expectMore: (report) => {
      endsAtT1(report);
      seesError(report, 'Http.502');
    },
  },
  responseLost: {
    fault: { ...once, atS: -1, amount: 1 },
    answers: ['recovered', 'retried', 'failedCalls'],
    expectMore: (report) => {
      endsAtT1(report);
      expect(hasOutcome(report, 'stepDone', 'readBack')).toBe(true);
    },
  },
  slowTasks: {
    fault: { atS: -1000, forS: 2000, amount: 5 },
    answers: ['unnoticed'],
    expectMore: endsAtT1,
  },
  taskFails: {
    fault: { ...once, atS: -1000, amount: 1 },
    answers: ['failedCalls', 'unnoticed'],
    expectMore: endsAtT1,
  },
  foreignEdit: {
    fault: { ...once, atS: -25, amount: 300 },
    answers: ['held'],
    expectMore: ({ faults }) => expect(faults[0]?.object).toMatch(/example\.co\.id$/),
  },
  workerCrash: {
    fault: { ...once, atS: 20 },
    answers: ['workerReplaced'],
    expectMore: endsAtT1,
  },
  clockJump: {
    fault: { ...once, atS: 20, amount: 40 },
    answers: ['unnoticed'],
    expectMore: (report) => {
      endsAtT1(report);
      // By the worker's clock it is T1 already.
      const holdS = (Date.parse(report.t1 ?? '') - Date.parse(report.t0)) / 1000;
      const rollback = report.timeline.find(({ code }) => code === 'rollback');
      expect(rollback?.atS).toBeLessThan(holdS - 10);
    },
  },
  functionFails: {
    fault: { atS: 80, forS: 60, amount: 0 },
    answers: ['rolledBack', 'held', 'failedCalls'],
    expectMore: ({ totals }) => expect(totals.failedBy.functionError).toBeGreaterThan(0),
  },
  serverDown: {
    fault: { atS: -20, forS: 40, amount: 0 },
    answers: ['unnoticed', 'failedCalls', 'held', 'rolledBack'],
    expectMore: ({ totals, faults }) => {
      expect(faults[0]).toMatchObject({ object: 'ins-1' });
      expect(totals.failedBy.serverDown).toBeGreaterThan(0);
    },
  },
  resolverOutage: {
    fault: { atS: 30, forS: 60, amount: 50 },
    answers: ['unnoticed', 'failedCalls', 'held', 'rolledBack'],
    expectMore: ({ totals, http }) => {
      expect(http?.lookUps.failed).toBeGreaterThan(0);
      expect(totals.failedBy.noAddress).toBeGreaterThan(0);
    },
  },
};

describe.concurrent('a rehearsal over HTTP', () => {
  it.each(rehearsalFaultKinds)(
    'meets %s, says how the run answered, and ends',
    async (kind) => {
      const { fault, answers, expectMore } = cases[kind];
      const faults = { kinds: [], count: 0, given: [{ ...fault, kind, object: 0 }] };
      const input = testRehearsal({ diversion: testSwitch(), settings: { faults } });
      const http = { rps: 30, minutes: 0.4 };
      const report = await rehearseHttp({ ...input, goals: { ...input.goals, waitP95Ms: null }, http });
      expect(report.faults).toMatchObject([{ kind }]);
      expect(answers).toContain(report.faults[0]?.answer);
      expect(report.run.state).toMatch(/reverted|held/);
      expectMore(report);
    },
    240_000,
  );
});
