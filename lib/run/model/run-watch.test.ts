import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step } from '@/lib/plan/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testListener, testRecord, testSwitch } from '@/testing/plan/test-estate';
import { type ConvergencePoint, getConvergence, listConvergences } from './convergence';
import type { Direction, RunEvent } from './model';
import { listAgentRequests, listNearSpans, listTurns, spaceByTime } from './run-watch';

/** Plans the Switch of the test estate toward a listener. */
function planned(listener: object) {
  const listeners = [testListener('lb-cvm'), testListener('lb-scf', listener)];
  return createTestPlan({ estate: testEstate({ listeners }), diversion: testSwitch() });
}
const urls = (plan: Parameters<typeof listAgentRequests>[0]) =>
  listAgentRequests(plan, 'apply').map(({ url }) => url);

it.each([
  [{ protocol: 'HTTPS', port: 8443, certificateId: 'cert-1' }, 'https://flash.example.co.id:8443/'],
  [{ protocol: 'HTTPS', port: 80, certificateId: 'cert-1' }, 'https://flash.example.co.id:80/'],
  [{ protocol: 'HTTPS', port: 443, certificateId: 'cert-1' }, 'https://flash.example.co.id/'],
  [{ port: 8080 }, 'http://flash.example.co.id:8080/'],
  [{}, 'http://flash.example.co.id/'],
])('asks agents to request the port of the listener: %j', (listener, url) => {
  expect(urls(planned(listener))).toEqual([url]);
});

it('asks agents to request each of two listeners of one scheme, and each URL once', () => {
  const [one, other] = [planned({ port: 8080 }), planned({ port: 8081 })];
  expect(urls({ steps: [...one.steps, ...other.steps, ...one.steps], rollback: [] })).toEqual([
    'http://flash.example.co.id:8080/',
    'http://flash.example.co.id:8081/',
  ]);
});

const start = Date.UTC(2026, 11, 12);
const at = (s: number) => new Date(start + s * 1000).toISOString();
const plan = createTestPlan({
  estate: testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')] }),
  diversion: testSwitch(),
});
const accepted = (steps: readonly Step[], phase: Step['phase'], s: number): readonly RunEvent[] => {
  const direction: Direction = phase === 'rollback' ? 'rollback' : 'apply';
  return steps.flatMap((step): readonly RunEvent[] =>
    step.kind === 'write' && step.phase === phase
      ? [{ type: 'accepted', stepId: step.id, requestId: 'r', taskId: null, direction, at: at(s) }]
      : [],
  );
};
/** A run that moves its name then, and rolls it back later. */
const runWith = (t0S: number, t1S: number) => ({
  plan,
  events: [...accepted(plan.steps, 'divert', t0S), ...accepted(plan.rollback, 'rollback', t1S)],
});
const hourS = 3600;

describe('results that are spaced by time', () => {
  const intervals = fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 900, size: 'max' });

  it('are bounded, in order, and include the oldest, the newest and those to keep', () => {
    fc.assert(
      fc.property(
        intervals,
        fc.integer({ min: 20, max: 400 }),
        fc.integer({ min: 0, max: 9 }),
        fc.array(fc.nat(899), { maxLength: 8 }),
        fc.array(fc.nat(40_000), { maxLength: 5 }),
        (gaps, max, newest, wanted, changes) => {
          let sum = start;
          const times = gaps.map((gap) => (sum += gap * 1000));
          const kept = new Set(wanted.filter((index) => index < times.length));
          const near = changes.map((s) => ({ from: start + s * 1000, until: start + (s + 600) * 1000 }));
          const spacing = { near, max, newest };
          const chosen = spaceByTime(times, { ...spacing, kept });
          expect(chosen.length).toBeLessThanOrEqual(max);
          expect(chosen).toEqual([...new Set(chosen)].toSorted((a, b) => a - b));
          const all = times.map((_, index) => index);
          expect(chosen).toEqual(expect.arrayContaining([...kept, ...all.slice(0, 1), ...all.slice(-1)]));
          if (newest > 0) expect(chosen.slice(-newest)).toEqual(all.slice(-newest));
          if (times.length <= max) expect(chosen).toEqual(all);
          // Those that were chosen are chosen again.
          const left = chosen.map((index) => times[index] ?? 0);
          expect(spaceByTime(left, spacing)).toEqual(left.map((_, index) => index));
        },
      ),
    );
  });

  it('keep about one a minute in the hours after T0 and a rollback, however long the run is diverted', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(5, 10, 60),
        fc.integer({ min: 2, max: 72 }),
        fc.boolean(),
        (everyS, holdH, isDrawn) => {
          const run = runWith(600, 600 + holdH * hourS);
          const near = listNearSpans(run);
          const most = everyS === 60 || isDrawn ? 220 : 1200;
          let times: readonly number[] = [];
          for (let s = 600; s <= 600 + (holdH + 2) * hourS; s += everyS) {
            times = [...times, start + s * 1000];
            if (times.length <= most) continue;
            const left = spaceByTime(times, { near, max: Math.floor((most * 7) / 8), newest: most / 10 });
            times = left.map((index) => times[index] ?? 0);
          }
          for (const from of [600, 600 + holdH * hourS]) {
            const hour = times.filter(
              (ms) => ms >= start + from * 1000 && ms <= start + (from + hourS) * 1000,
            );
            const gaps = hour.slice(1).map((ms, index) => ms - (hour[index] ?? 0));
            expect(Math.max(...gaps) / 1000).toBeLessThanOrEqual(90);
            expect(hour.length).toBeGreaterThanOrEqual(45);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('keep the rest of a day evenly', () => {
    const times = Array.from({ length: 24 * 360 }, (_, n) => start + n * 10_000);
    const drawn = spaceByTime(times, { near: listNearSpans(runWith(0, 90 * hourS)), max: 240 });
    const gaps = drawn.slice(1).map((index, n) => index - (drawn[n] ?? 0));
    expect((Math.max(...gaps) * 10) / hourS).toBeLessThan(1);
  });
});

describe('the counts that say when answers were current', () => {
  const count = fc.record({
    current: fc.nat(4),
    stale: fc.nat(3),
    other: fc.constantFrom(0, 0, 0, 1),
    silent: fc.nat(1),
  });

  it('leave the times of a run the same when others are removed, at once or in turn', () => {
    fc.assert(
      fc.property(
        fc.array(count, { minLength: 1, maxLength: 300, size: 'max' }),
        fc.nat(3000),
        (counts, t1S) => {
          const run = runWith(5, t1S + 10);
          const points = counts.map((each, n): ConvergencePoint => ({ ...each, at: at(n * 10) }));
          const thin = (all: readonly ConvergencePoint[]) => {
            const times = all.map((point) => Date.parse(point.at));
            const kept = listTurns(run, all);
            const left = spaceByTime(times, { near: listNearSpans(run), max: 30, kept });
            return all.filter((_, index) => left.includes(index));
          };
          const wanted = listConvergences(run, points);
          expect(listConvergences(run, thin(points))).toEqual(wanted);
          let stored: readonly ConvergencePoint[] = [];
          for (const point of points) stored = thin([...stored, point]);
          expect(listConvergences(run, stored)).toEqual(wanted);
          const isAnswered = (point: ConvergencePoint) => getConvergence(point) !== null;
          expect(stored.findLast(isAnswered)).toEqual(points.findLast(isAnswered));
          expect(stored.length).toBeLessThanOrEqual(30);
        },
      ),
    );
  });
});
