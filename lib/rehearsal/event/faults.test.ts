import { describe, expect, it } from 'vitest';
import type { RehearsalFault, RehearsalInput } from '@/lib/rehearsal/input';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { rehearse } from './rehearse';

/** Rehearses the Split of the test estate with one fault. */
async function playFault(
  fault: Partial<RehearsalFault> & Pick<RehearsalFault, 'kind'>,
  change: Partial<RehearsalInput> = {},
): Promise<RehearsalReport> {
  const given = [{ atS: 0, forS: 0, amount: 0, object: 0, ...fault }];
  const faults = { kinds: [], count: 0, given };
  return rehearse({ ...testRehearsal(), faults, ...change });
}

const answerOf = ({ faults }: RehearsalReport) => faults[0]?.answer;
const missedBy = ({ goals }: RehearsalReport) => goals.filter(({ isMet }) => !isMet).map(({ kind }) => kind);

describe('a rehearsal with a fault', () => {
  it('retries while the API is away at T0, and moves when it is back', async () => {
    const report = await playFault({ kind: 'apiDown', atS: -2, forS: 60 });
    expect(answerOf(report)).toBe('recovered');
    expect(report.run).toMatchObject({ state: 'reverted', rollback: { code: 'T1' } });
    expect(report.convergence.apply.changedAtS).toBeGreaterThan(55);
    expect(report.errors.some(({ seenBy, cause }) => seenBy === 'run' && cause === 'Http.502')).toBe(true);
  });

  it('continues on another worker when one ends at T0', async () => {
    const report = await playFault({ kind: 'workerCrash', atS: 0.02 });
    expect(answerOf(report)).toBe('workerReplaced');
    expect(report.run).toMatchObject({ state: 'reverted', rollback: { code: 'T1' } });
    expect(report.convergence.apply.changedAtS).toBeGreaterThanOrEqual(30);
  });

  it('holds before T0 when someone else has changed the record that it moves', async () => {
    const report = await playFault({ kind: 'foreignEdit', atS: -100, amount: 300 });
    expect(answerOf(report)).toBe('held');
    expect(report.faults[0]?.object).toMatch(/example\.co\.id$/);
    expect(report.verdict).toBe('missed');
    expect(missedBy(report)).toContain('ended');
    expect(report.changes.length).toBeGreaterThan(0);
  });

  it('rolls back by its guard when the function fails, and says what clients have met', async () => {
    const report = await playFault({ kind: 'functionFails', atS: 600, forS: 900 });
    expect(answerOf(report)).toBe('rolledBack');
    expect(report.run.rollback?.code).toBe('guard');
    expect(report.errors[0]).toMatchObject({ cause: 'functionError', seenBy: 'clients', firstAtS: 600 });
    expect(report.errors[0]?.where).toBe('flash.example.co.id');
    expect(missedBy(report)).toEqual(expect.arrayContaining(['ended', 'lostShare']));
    expect(report.changes.map(({ code }) => code)).toContain('repairFunction');
  });

  it('reads back a write whose response is lost', async () => {
    const report = await playFault({ kind: 'responseLost', atS: -1, amount: 1 });
    expect(report.run).toMatchObject({ state: 'reverted', rollback: { code: 'T1' } });
    expect(
      report.timeline.some(({ code, values }) => code === 'stepDone' && values.outcome === 'readBack'),
    ).toBe(true);
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
});
