import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Guard } from '@/lib/diversion/cutover';
import { shortestJudgedS } from '@/lib/estate/measure';
import type { VantageReport } from '@/lib/run/model/convergence';
import type { Sample } from '@/lib/run/model/model';
import { computeFigures } from '@/lib/run/model/run-figures';
import { findBreach, listJudged } from './watch';

const start = Date.UTC(2026, 11, 11, 17);
const guard: Guard = { measure: 'errorRate', limit: 5, forS: 30, outcome: 'rollback' };

/** Readings every 5 s. */
const readings = (values: readonly (number | null)[], lagMs?: number): Sample[] =>
  values.map((value, n) => ({
    at: new Date(start + n * 5000).toISOString(),
    measures: { errorRate: value },
    ...(lagMs === undefined ? {} : { lagMs: { errorRate: lagMs } }),
    probes: [],
  }));
const bad = (count: number) => Array.from({ length: count }, () => 50);

/**
 * Returns after how many seconds a guard of 60 s over agents is breached, read every 5 s from 2 s on; null = never.
 * @param sent the seconds at which agents report that their request failed, or passed, and that DNS is not current
 */
function findAgentBreachS(
  measure: 'agentFailures' | 'notConverged',
  sent: Readonly<Record<string, { readonly at: readonly number[]; readonly passed?: true }>>,
): number | null {
  const toTime = (s: number) => new Date(start + s * 1000).toISOString();
  const names = [
    { name: 'a.test', connectionId: 'test', type: 'A', ttlS: 60, served: ['2'], known: ['1', '2'] },
  ] as const;
  const samples: Sample[] = [];
  for (let s = 2; s < 400; s += 5) {
    const reports = Object.entries(sent).flatMap(([name, { at, passed = false }]): VantageReport[] => {
      const newest = at.findLast((each) => each <= s);
      if (newest === undefined) return [];
      const dns = [
        { name: 'a.test', at: toTime(newest), values: [passed ? '2' : '1'], ttlS: 9, failure: null },
      ];
      const http = [{ url: 'u', passed, status: 502, latencyMs: 1, failure: null }];
      return [{ kind: 'agent', name, address: null, at: toTime(newest), dns, http, counts: [] }];
    });
    const facts = { names, reports, traffic: null, shares: [], settleS: 0, split: [], ownPerMinute: 0 };
    const figures = computeFigures({ ...facts, now: new Date(start + s * 1000) });
    samples.push({ at: toTime(s), probes: [], ...figures });
    if (findBreach([{ measure, limit: 20, forS: 60, outcome: 'rollback' }], samples) !== null) return s;
  }
  return null;
}

describe('a guard', () => {
  it('is breached after its measure has been above the limit for its duration', () => {
    expect(findBreach([guard], readings(bad(6)))).toBeNull();
    expect(findBreach([guard], readings(bad(7)))).toMatchObject({ guard, value: 50 });
    expect(findBreach([guard], readings([...bad(6), 0, ...bad(6)]))).toBeNull();
    // A missing reading is neither good nor bad.
    expect(findBreach([guard], readings([...bad(3), null, ...bad(3)]))).not.toBeNull();
    expect(findBreach([guard], readings([50]))).toBeNull();
  });

  it('is evaluated over at least the lag of its figures plus a minute', () => {
    const lagMs = 90_000;
    expect(shortestJudgedS(lagMs)).toBe(150);
    expect(findBreach([guard], readings(bad(30), lagMs))).toBeNull();
    expect(findBreach([guard], readings(bad(31), lagMs))).not.toBeNull();
    // Its own longer time applies.
    expect(findBreach([{ ...guard, forS: 160 }], readings(bad(31), lagMs))).toBeNull();
    // Live figures don't wait.
    expect(findBreach([guard], readings(bad(7), 0))).not.toBeNull();
  });

  it('is never breached by figures that all end before the first reading above the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300_000 }),
        fc.integer({ min: 5, max: 600 }),
        fc.integer({ min: 2, max: 150 }),
        (lagMs, forS, count) => {
          const breach = findBreach([{ ...guard, forS }], readings(bad(count), lagMs));
          const lastedMs = (count - 1) * 5000;
          if (breach !== null) expect(lastedMs).toBeGreaterThanOrEqual(Math.max(forS * 1000, lagMs));
          if (breach === null) expect(lastedMs).toBeLessThan(Math.max(forS, shortestJudgedS(lagMs)) * 1000);
        },
      ),
    );
  });

  it.each(['agentFailures', 'notConverged'] as const)(
    'of %s is breached by reports that last for its duration, and never by one that is not renewed',
    (measure) => {
      const every15 = Array.from({ length: 20 }, (_, n) => n * 15);
      expect(findAgentBreachS(measure, { a: { at: every15 } })).toBe(77);
      expect(findAgentBreachS(measure, { a: { at: [0] } })).toBeNull();
      expect(findAgentBreachS(measure, { a: { at: [0, 15, 30, 45] } })).toBeNull();
      // Others that report do not confirm it, and one that is silent does not hide theirs forever.
      const passing = { at: every15, passed: true } as const;
      expect(findAgentBreachS(measure, { a: { at: [0] }, b: passing })).toBeNull();
      expect(findAgentBreachS(measure, { a: { at: [0] }, b: { at: every15 } })).toBe(182);
      expect(findAgentBreachS(measure, { a: { at: [0], passed: true }, b: { at: every15 } })).toBe(77);
    },
  );

  it('is breached by figures of slow measurements, however few of the samples are kept', () => {
    // Measured every 600 s, and 180 s late.
    const samples = bad(400).map((value, n): Sample => {
      const lagMs = { errorRate: 180_000 + ((n * 5000) % 600_000) };
      return {
        at: new Date(start + n * 5000).toISOString(),
        measures: { errorRate: value },
        lagMs,
        probes: [],
      };
    });
    let judged: readonly Sample[] = [];
    const breach = samples.findIndex((sample) => {
      judged = listJudged([guard], [...judged, sample]);
      return findBreach([guard], judged) !== null;
    });
    expect(breach * 5).toBe(shortestJudgedS(775_000));
    for (const sample of samples) judged = listJudged([guard], [...judged, sample]);
    expect(judged.length).toBeLessThan(400);
  });

  it('needs only the samples since its first reading above the limit', () => {
    const latency: Guard = { measure: 'latency', limit: 5, forS: 10, outcome: 'stop' };
    const guards = [guard, latency];
    expect(listJudged(guards, readings([0, ...bad(3)]))).toEqual(readings([0, ...bad(3)]).slice(1));
    expect(listJudged(guards, readings([...bad(3), 0, null]))).toEqual([]);
    const value = fc.constantFrom(null, 0, 50);
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 40 }), (values) => {
        const samples = values.map(([errorRate, other], n): Sample => {
          const at = new Date(start + n * 5000).toISOString();
          return { at, measures: { errorRate, latency: other }, probes: [] };
        });
        let judged: readonly Sample[] = [];
        samples.forEach((sample, n) => {
          judged = listJudged(guards, [...judged, sample]);
          expect(findBreach(guards, judged)).toEqual(findBreach(guards, samples.slice(0, n + 1)));
        });
      }),
    );
  });
});
