import type { RehearsalView } from '@/lib/contract/rehearsal';
import { DiversionId } from '@/lib/diversion/diversion';
import { PlanId } from '@/lib/plan/model/model';
import { RehearsalSettings, rehearsalFaultKinds } from '@/lib/rehearsal/input';
import { type DrillEvent, DrillReport } from '@/lib/rehearsal/report/drill-report';
import { RehearsalReport, seriesNames } from '@/lib/rehearsal/report/report';
import { getExactInterval } from '@/lib/statistics/binomial';
import { rehearsalCutover, rehearsalScenario } from './test-rehearsal';

/** Returns the report of an hour that lost 1 % of its requests, and missed that goal, with one fault. */
export function testReport(change: Partial<RehearsalReport> = {}): RehearsalReport {
  const convergence = { changedAtS: null, moved: [], drainedAtS: null };
  return RehearsalReport.parse({
    format: 1,
    seed: 1,
    startedAt: '2026-12-11T23:50:00.000Z',
    endedAt: '2026-12-12T01:10:00.000Z',
    t0: '2026-12-12T00:00:00.000Z',
    t1: '2026-12-12T01:00:00.000Z',
    verdict: 'missed',
    goals: [
      { kind: 'ended', limit: null, measured: null, isMet: true },
      { kind: 'lostShare', limit: 0.001, measured: 0.01, isMet: false },
    ],
    run: {
      state: 'rolledBack',
      latenessMs: 12,
      rollback: { code: 'T1', values: {} },
      stopped: null,
      events: 40,
    },
    timeline: [],
    commands: [],
    notes: [],
    omitted: {},
    series: {
      fromS: -600,
      stepS: 60,
      columns: Object.fromEntries(seriesNames.map((name) => [name, [1, 2, 3]])),
      failedBy: {},
    },
    totals: {
      offered: 720_000,
      attempts: 721_000,
      served: 712_800,
      failed: 8200,
      lost: 7200,
      pending: 0,
      lostShare: 0.01,
      failedBy: { functionError: 8200 },
      coldStarts: 20,
      peakRps: 260,
      peakWaitP95Ms: 120,
      peakQueued: 0,
      peakInstances: 20,
    },
    errors: [
      {
        cause: 'functionError',
        seenBy: 'clients',
        count: 8200,
        share: 0.0114,
        firstAtS: 600,
        lastAtS: 640,
        where: 'flash.example.co.id',
      },
    ],
    convergence: { apply: convergence, rollback: convergence },
    cost: { currency: 'USD', total: 1.2, low: 1, high: 1.4, lines: [], unknown: [] },
    faults: [
      {
        kind: 'functionFails',
        atS: 600,
        forS: 40,
        amount: 0,
        object: 'storefront',
        answer: 'unnoticed',
        values: {},
        failedRequests: 8200,
      },
    ],
    changes: [],
    hosts: ['flash.example.co.id'],
    ...change,
  });
}

/** Returns an event of a drill that met its goals, with one fault. */
export function testDrillEvent(change: Partial<DrillEvent> & Pick<DrillEvent, 'seed'>): DrillEvent {
  return {
    verdict: 'met',
    state: 'rolledBack',
    missed: [],
    lostShare: 0,
    faults: [{ kind: 'apiErrors', answer: 'retried' }],
    ...change,
  };
}

/**
 * Returns a fire drill of many events: most met their goals, each tenth lost too much by a failing function, and two in
 * a hundred were stopped.
 */
function testDrill(count: number): DrillReport {
  const events = Array.from({ length: count }, (_, index): DrillEvent => {
    const seed = index + 1;
    const kinds = [0, 1, 2].map(
      (part) => rehearsalFaultKinds[(index * 7 + part * 5) % rehearsalFaultKinds.length] ?? 'apiErrors',
    );
    const faults = kinds.map((kind) => ({ kind, answer: 'recovered' as const }));
    if (index % 50 === 20)
      return testDrillEvent({
        seed,
        verdict: 'missed',
        state: 'stopped',
        missed: ['ended', 'lostShare'],
        lostShare: 0.42,
        faults: [...faults, { kind: 'foreignEdit', answer: 'stopped' }],
      });
    if (index % 10 === 3)
      return testDrillEvent({
        seed,
        verdict: 'missed',
        missed: ['lostShare'],
        lostShare: 0.002 * (1 + index),
        faults: [...faults, { kind: 'functionFails', answer: 'failedCalls' }],
      });
    return testDrillEvent({ seed, lostShare: 0.00001 * (index % 40), faults });
  });
  const endedWell = events.filter(({ verdict }) => verdict === 'met').length;
  return DrillReport.parse({
    format: 1,
    verdict: endedWell === count ? 'met' : 'missed',
    endedWell,
    interval: getExactInterval(endedWell, count),
    events,
    worstSeed: count > 20 ? 21 : 1,
  });
}

/** Returns a fire drill as its page shows it. */
export function testDrillView(count: number, change: Partial<RehearsalView> = {}): RehearsalView {
  const drill = testDrill(count);
  return {
    id: 'H-0001',
    planId: PlanId.parse('P-0001'),
    state: 'done',
    progress: 1,
    verdict: drill.verdict,
    seed: 1,
    events: count,
    endedWell: drill.endedWell,
    faults: 3,
    actor: 'sari',
    createdAt: '2026-12-10T08:00:00.000Z',
    endedAt: '2026-12-10T08:01:00.000Z',
    name: 'flash sale',
    diversionId: DiversionId.parse('D-0001'),
    connectionId: 'sandbox',
    hash: '0'.repeat(64),
    settings: RehearsalSettings.parse({
      scenario: rehearsalScenario(),
      events: count,
      seed: 1,
      faults: { kinds: ['functionFails', 'apiErrors'], count: 3 },
      goals: { lostShare: 0.001, waitP95Ms: 700, movedWithinS: 300 },
    }),
    cutover: rehearsalCutover(),
    report: testReport({ seed: drill.worstSeed }),
    drill,
    error: null,
    others: [],
    ...change,
  };
}
