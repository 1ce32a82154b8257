import { describe, expect, it } from 'vitest';
import type { Guard } from '@/lib/diversion/cutover';
import type { RehearsalFault } from '@/lib/rehearsal/input';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { testEstate, testRecord, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { type RehearsalGiven, rehearsalCutover, testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { rehearseHttp } from './rehearse-http';

/* The measures of guards that are neither probes nor the cloud's, from real answers and requests. */

/** Some twenty seconds: waits run some twenty times as fast. */
const http = { rps: 60, minutes: 0.4 };

type Fault = Partial<RehearsalFault> & Pick<RehearsalFault, 'kind'>;

/** Rehearses a Switch, or something else, with one guard alone, and perhaps a fault; monitoring has each minute at once. */
function playGuard(guard: Guard, fault?: Fault, { settings, ...given }: RehearsalGiven = {}) {
  const faults = fault === undefined ? [] : [{ atS: 0, forS: 0, amount: 0, object: 0, ...fault }];
  const input = testRehearsal({
    cutover: rehearsalCutover({ guards: [guard] }),
    diversion: testSwitch(),
    settings: { faults: { kinds: [], count: 0, given: faults }, monitorDelayS: 0, ...settings },
    ...given,
  });
  return rehearseHttp({ ...input, goals: { ...input.goals, waitP95Ms: null }, http });
}

const listHolds = ({ timeline }: RehearsalReport) =>
  timeline.filter(({ code }) => code === 'held').map(({ values }) => [values.reason, values.measure]);

describe('a guard of a rehearsal over HTTP', () => {
  it('on DNS answers holds while clients still have the old ones, and not once they have expired', async () => {
    const guard: Guard = { measure: 'notConverged', limit: 20, forS: 15, outcome: 'hold' };
    const [soon, late] = await Promise.all([playGuard(guard), playGuard({ ...guard, forS: 120 })]);
    expect(listHolds(soon)).toContainEqual(['guard', 'notConverged']);
    expect(listHolds(late)).toEqual([]);
    expect(late.run).toMatchObject({ state: 'reverted', rollback: { code: 'T1' } });
  }, 120_000);

  it('on requests of agents holds while the function fails, and while their resolvers are silent', async () => {
    const guard: Guard = { measure: 'agentFailures', limit: 20, forS: 15, outcome: 'hold' };
    const reports = await Promise.all([
      playGuard(guard, { kind: 'functionFails', atS: 20, forS: 90 }),
      playGuard(guard, { kind: 'resolverOutage', atS: 20, forS: 90, amount: 100 }),
    ]);
    for (const report of reports) expect(listHolds(report)).toContainEqual(['guard', 'agentFailures']);
    expect(reports.map(({ faults }) => faults[0]?.answer)).toEqual(['held', 'held']);
  }, 120_000);

  it('on the share of the function rolls back while clients keep connections for longer than planned', async () => {
    const guard: Guard = { measure: 'splitDeviation', limit: 15, forS: 15, outcome: 'revert' };
    const diversion = testSwitch({ ramp: [50, 100] });
    const population = { ...testRehearsal().population, keepAlive: { share: 1, seconds: 3600 } };
    const stuck = await playGuard(guard, undefined, { diversion, keepAliveS: 1, settings: { population } });
    expect(stuck.run.rollback).toMatchObject({ code: 'guard', values: { measure: 'splitDeviation' } });
  }, 120_000);

  it('on errors above those of the servers rolls back when the function fails', async () => {
    const guard: Guard = { measure: 'errorsAboveCvm', limit: 0.5, forS: 15, outcome: 'revert' };
    // A Split, which keeps requests on both sides, and long enough for whole minutes.
    const records = ['shop', 'flash'].map((host, nth) =>
      testRecord(11 + nth, host, '127.77.1.1', { ttlS: 240 }),
    );
    const report = await playGuard(
      guard,
      { kind: 'functionFails', atS: 10, forS: 600 },
      { diversion: testSplit(), estate: testEstate({ records }) },
    );
    expect(report.run.rollback).toMatchObject({ code: 'guard', values: { measure: 'errorsAboveCvm' } });
    expect(report.faults[0]?.answer).toBe('rolledBack');
  }, 120_000);
});
