import { describe, expect, it } from 'vitest';
import { RehearsalFault, type RehearsalInput } from '@/lib/rehearsal/input';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { rehearsalCutover, testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { rehearse } from './rehearse';

/** Rehearses the Split of the test estate with one fault. */
const playFault = (fault: GivenFault, change: Partial<RehearsalInput> = {}) => playFaults([fault], change);

type GivenFault = Partial<RehearsalFault> & Pick<RehearsalFault, 'kind'>;

async function playFaults(
  list: readonly GivenFault[],
  change: Partial<RehearsalInput> = {},
): Promise<RehearsalReport> {
  const given = list.map((fault) => ({ atS: 0, forS: 0, amount: 0, object: 0, ...fault }));
  const faults = { kinds: [], count: 0, given };
  return rehearse({ ...testRehearsal(), faults, ...change });
}

const listEntries = ({ timeline }: RehearsalReport, code: string, stepId: string | null = null) =>
  timeline.filter((each) => each.code === code && (stepId === null || each.stepId === stepId));

const getAnswer = ({ faults }: RehearsalReport) => faults[0]?.answer;
const missedBy = ({ goals }: RehearsalReport) => goals.filter(({ isMet }) => !isMet).map(({ kind }) => kind);

describe('a rehearsal with a fault', () => {
  it('retries while the API is away at T0, and moves when it is back', async () => {
    const report = await playFault({ kind: 'apiDown', atS: -2, forS: 60 });
    expect(getAnswer(report)).toBe('recovered');
    expect(report.run).toMatchObject({ state: 'rolledBack', rollback: { code: 'T1' } });
    expect(report.convergence.apply.changedAtS).toBeGreaterThan(55);
    expect(report.errors.some(({ seenBy, cause }) => seenBy === 'run' && cause === 'Http.502')).toBe(true);
  });

  it('continues on another worker when one ends at T0', async () => {
    const report = await playFault({ kind: 'workerCrash', atS: 0.02 });
    expect(getAnswer(report)).toBe('workerReplaced');
    expect(report.run).toMatchObject({ state: 'rolledBack', rollback: { code: 'T1' } });
    expect(report.convergence.apply.changedAtS).toBeGreaterThanOrEqual(30);
  });

  it('holds before T0 when someone else has changed the record that it moves', async () => {
    const report = await playFault({ kind: 'foreignEdit', atS: -100, amount: 300 });
    expect(getAnswer(report)).toBe('stopped');
    expect(report.faults[0]?.object).toMatch(/example\.co\.id$/);
    expect(report.verdict).toBe('missed');
    expect(missedBy(report)).toContain('ended');
    expect(report.changes.length).toBeGreaterThan(0);
  });

  it('rolls back by its guard when the function fails, and says what clients have met', async () => {
    const report = await playFault({ kind: 'functionFails', atS: 600, forS: 900 });
    expect(getAnswer(report)).toBe('rolledBack');
    expect(report.run.rollback?.code).toBe('guard');
    expect(report.errors[0]).toMatchObject({ cause: 'functionError', seenBy: 'clients', firstAtS: 600 });
    expect(report.errors[0]?.where).toBe('flash.example.co.id');
    expect(missedBy(report)).toEqual(expect.arrayContaining(['ended', 'lostShare']));
    expect(report.changes.map(({ code }) => code)).toContain('repairFunction');
  });

  it('reads back a write whose response is lost', async () => {
    const report = await playFault({ kind: 'responseLost', atS: -1, amount: 1 });
    expect(report.run).toMatchObject({ state: 'rolledBack', rollback: { code: 'T1' } });
    expect(
      report.timeline.some(({ code, values }) => code === 'stepDone' && values.outcome === 'readBack'),
    ).toBe(true);
  });

  it('retries calls that fail with an internal error, and moves as soon as they succeed', async () => {
    const report = await playFault({ kind: 'apiErrors', atS: -2, forS: 120, amount: 100 });
    const seen = report.errors.find(({ seenBy, cause }) => seenBy === 'run' && cause === 'InternalError');
    expect(seen?.firstAtS).toBeGreaterThan(0);
    expect(seen?.lastAtS).toBeLessThan(118);
    expect(getAnswer(report)).toBe('recovered');
    expect(report.convergence.apply.changedAtS).toBeGreaterThanOrEqual(118);
    expect(report.convergence.apply.changedAtS).toBeLessThan(180);
    expect(missedBy(report)).toEqual(['latenessMs']);
    expect(report.run).toMatchObject({ state: 'rolledBack', rollback: { code: 'T1' } });
  });

  it('repeats a throttled call within its rate, and waits while all are throttled', async () => {
    const some = await playFault({ kind: 'apiThrottled', atS: -2, forS: 120, amount: 50 });
    const isThrottled = (error: RehearsalReport['errors'][number]) =>
      error.seenBy === 'run' && error.cause === 'RequestLimitExceeded';
    expect(some.errors.filter(isThrottled)).toHaveLength(1);
    expect(getAnswer(some)).toBe('failedCalls');
    expect(some).toMatchObject({ verdict: 'met', convergence: { apply: { changedAtS: 1 } } });

    const all = await playFault({ kind: 'apiThrottled', atS: -2, forS: 120, amount: 100 });
    expect(all.errors.filter(isThrottled)).toHaveLength(1);
    expect(getAnswer(all)).toBe('recovered');
    expect(missedBy(all)).toEqual(['latenessMs']);
  });

  it('waits for slow tasks, in prewarm without effect on T0, and late if they outlast it', async () => {
    const slow = await playFault({ kind: 'slowTasks', atS: -400, forS: 390, amount: 60 });
    const [rule, binding] = ['s1', 's2'].map((step) => listEntries(slow, 'stepDone', step)[0]);
    expect(rule?.values.durationMs).toBeGreaterThan(60_000);
    expect(binding?.values.durationMs).toBeGreaterThan(60_000);
    expect(getAnswer(slow)).toBe('unnoticed');
    expect(slow).toMatchObject({ verdict: 'met', convergence: { apply: { changedAtS: 1 } } });

    const slower = { kind: 'slowTasks', atS: -400, forS: 700, amount: 200 } as const;
    const late = await playFault(slower, {
      cutover: rehearsalCutover({ missedT0: { kind: 'runIfLate', withinS: 600 } }),
    });
    expect(late.run.latenessMs).toBeGreaterThan(90_000);
    expect(missedBy(late)).toEqual(['latenessMs']);
    expect(late.changes.map(({ code }) => code)).toContain('startEarlier');
    expect(late.run).toMatchObject({ state: 'rolledBack', rollback: { code: 'T1' } });

    const skipped = await playFault(slower);
    expect(getAnswer(skipped)).toBe('rolledBack');
    expect(skipped.run).toMatchObject({
      state: 'rolledBack',
      rollback: { code: 'missedT0' },
      latenessMs: null,
    });
    expect(missedBy(skipped)).toEqual(['ended']);
  });

  it('sends a call again whose task has failed', async () => {
    const report = await playFault({ kind: 'taskFails', atS: -400, amount: 2 });
    expect(listEntries(report, 'callFailed').map(({ stepId, values }) => [stepId, values.error])).toEqual([
      ['s1', 'Task.Failed'],
      ['s1', 'Task.Failed'],
    ]);
    expect(listEntries(report, 'stepDone', 's1')[0]?.values.outcome).toBe('applied');
    expect(getAnswer(report)).toBe('failedCalls');
    expect(report.verdict).toBe('met');
  });

  it('diverts early by a clock that is ahead, and late by one that is behind: the report tells the real time', async () => {
    const ahead = await playFault({ kind: 'clockJump', atS: -120, amount: 60 });
    expect(ahead.run.latenessMs).toBeLessThan(-59_000);
    expect(ahead.convergence).toMatchObject({ apply: { changedAtS: -59 }, rollback: { changedAtS: 3541 } });
    expect(listEntries(ahead, 'rollback')[0]?.atS).toBe(3540);
    expect(missedBy(ahead)).toEqual(['latenessMs']);
    expect(ahead.changes.map(({ code }) => code)).toContain('setClock');

    const behind = await playFault({ kind: 'clockJump', atS: -120, amount: -60 });
    expect(behind.run.latenessMs).toBeGreaterThan(60_000);
    expect(behind.convergence).toMatchObject({ apply: { changedAtS: 61 }, rollback: { changedAtS: 3661 } });
    expect(missedBy(behind)).toEqual(['latenessMs']);

    const small = await playFault({ kind: 'clockJump', atS: 1800, amount: 5 });
    expect(small).toMatchObject({ verdict: 'met', run: { state: 'rolledBack', rollback: { code: 'T1' } } });
    expect(listEntries(small, 'rollback')[0]?.atS).toBe(3595);
  });

  it('loses the requests of clients whose resolver does not answer', async () => {
    const report = await playFault({ kind: 'resolverOutage', atS: 900, forS: 300, amount: 50 });
    expect(report.totals.failedBy.noAddress).toBeGreaterThan(1000);
    expect(report.faults[0]?.failedRequests).toBeGreaterThan(1000);
  });

  it('drops requests to a server that is down', async () => {
    const report = await playFault({ kind: 'serverDown', atS: 300, forS: 120 });
    expect(report.faults[0]).toMatchObject({ object: 'ins-1' });
    expect(report.totals.failedBy.serverDown).toBeGreaterThan(1000);
  });

  it('ends a fault no earlier for another one of its kind that has ended within it', async () => {
    const short = (kind: RehearsalFault['kind'], atS: number, amount = 0) =>
      ({ kind, atS, forS: 10, amount }) as const;
    const outage = { kind: 'resolverOutage', atS: 900, forS: 300, amount: 50 } as const;
    const [alone, within] = [
      await playFault(outage),
      await playFaults([outage, short(outage.kind, 950, 20)]),
    ];
    // The steps of the clients are others, as they end with the short fault.
    const ratio = (within.totals.failedBy.noAddress ?? 0) / (alone.totals.failedBy.noAddress ?? 0);
    expect(ratio).toBeCloseTo(1, 1);

    const fails = { kind: 'functionFails', atS: 600, forS: 120 } as const;
    const down = await playFaults([fails, short(fails.kind, 620)], { guards: [] });
    const error = down.errors.find(({ cause }) => cause === 'functionError');
    expect([error?.firstAtS, error?.lastAtS]).toEqual([600, 720]);

    const slow = { kind: 'slowTasks', atS: -400, forS: 390, amount: 60 } as const;
    const tasks = await playFaults([slow, short(slow.kind, -390, 5)]);
    expect(listEntries(tasks, 'stepDone', 's2')[0]?.values.durationMs).toBeGreaterThan(60_000);
  });
});

describe('a fault that is given', () => {
  it.each([
    ['an hour with few steps', 1503],
    ['the minutes before T1', 3300.5],
  ])('has its whole effect within %s, however short it is', async (_, atS) => {
    const report = await playFault({ kind: 'functionFails', atS, forS: 4 }, { guards: [] });
    const error = report.errors.find(({ cause }) => cause === 'functionError');
    expect([error?.firstAtS, error?.lastAtS]).toEqual([Math.ceil(atS), Math.ceil(atS + 4)]);
  });

  it('is within the longest scenario, so that its times are instants', () => {
    const fault = { kind: 'clockJump', atS: 0, forS: 0, amount: 0 };
    expect(RehearsalFault.safeParse(fault).success).toBe(true);
    for (const beyond of [{ atS: 1e13 }, { forS: 1e13 }, { amount: 1e13 }, { amount: -1e13 }])
      expect(RehearsalFault.safeParse({ ...fault, ...beyond }).success).toBe(false);
  });
});
