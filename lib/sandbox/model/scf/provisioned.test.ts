import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WorldProvisioned } from '@/lib/sandbox/world/scf';
import { type ConcurrencyHistory, provisionedAt } from './provisioned';

const start = Date.UTC(2026, 11, 11, 0, 0, 0);
const minute = 60_000;
const quiet: ConcurrencyHistory = () => 0;

function fixed(
  target: number,
  schedule: { name: string; count: number; cron: string }[] = [],
  from = 0,
): WorldProvisioned & { kind: 'Default' } {
  return { qualifier: '1', kind: 'Default', target, from, since: start, schedule };
}
function tracking(target: number, min: number, max: number): WorldProvisioned {
  const kind = 'ConcurrencyUtilizationTracking';
  return { qualifier: '1', kind, tracking: { target, min, max }, from: min, since: start };
}
const warm = (provisioned: WorldProvisioned, ms: number, concurrency = quiet) =>
  provisionedAt(provisioned, start + ms, concurrency).warm;

test('starts 100 instances per minute, evenly', () => {
  const wanted = fixed(250);
  expect([0, 599, 600, minute, 2 * minute].map((ms) => warm(wanted, ms))).toEqual([0, 0, 1, 100, 200]);
  expect(provisionedAt(wanted, start + 2.5 * minute - 1, quiet)).toEqual({
    target: 250,
    warm: 249,
    status: 'InProgress',
  });
  expect(provisionedAt(wanted, start + 2.5 * minute, quiet)).toEqual({
    target: 250,
    warm: 250,
    status: 'Done',
  });
});

test('ends surplus instances at once when fewer are wanted', () => {
  expect(provisionedAt(fixed(20, [], 300), start, quiet)).toEqual({ target: 20, warm: 20, status: 'Done' });
});

test('never has fewer warm instances after more time, nor more than wanted or than can be started', () => {
  const ms = fc.integer({ min: 0, max: 60 * minute });
  fc.assert(
    fc.property(fc.nat(3000), fc.nat(3000), ms, ms, (target, from, one, other) => {
      const [early, late] = [Math.min(one, other), Math.max(one, other)];
      const wanted = fixed(target, [], from);
      expect(warm(wanted, early)).toBeLessThanOrEqual(warm(wanted, late));
      expect(warm(wanted, late)).toBeLessThanOrEqual(target);
      const started = warm(wanted, late) - warm(wanted, early);
      expect(started).toBeLessThanOrEqual(Math.ceil((late - early) / 600));
    }),
  );
});

test('applies a scheduled task from its time (Beijing time) until the next one', () => {
  // 10:00 and 12:00 in Beijing are 02:00 and 04:00 UTC.
  const sale = fixed(0, [
    { name: 'open', count: 100, cron: '0 0 10 11 12 * 2026' },
    { name: 'close', count: 0, cron: '0 0 12 11 12 * 2026' },
  ]);
  const hour = 60 * minute;
  expect([2 * hour - 1, 2 * hour, 2 * hour + minute].map((ms) => warm(sale, ms))).toEqual([0, 0, 100]);
  expect(provisionedAt(sale, start + 2 * hour, quiet).status).toBe('InProgress');
  expect([4 * hour - 1, 4 * hour].map((ms) => warm(sale, ms))).toEqual([100, 0]);
  // The same holds years later, when its times are long past.
  expect(warm(sale, 20_000 * hour)).toBe(0);
});

test('applies the last one in the list of tasks at the same time', () => {
  const cron = '0 5 8 * * * *';
  const both = fixed(50, [
    { name: 'a', count: 0, cron },
    { name: 'b', count: 70, cron },
  ]);
  expect([5 * minute, 6 * minute].map((ms) => warm(both, ms))).toEqual([50, 70]);
});

test('gives the same result as evaluating all tasks, including very old ones', () => {
  const tasks = fc.array(
    fc.record({
      name: fc.constant('task'),
      count: fc.nat(40),
      cron: fc.integer({ min: 1, max: 7 }).map((step) => `0 */${step} * * * * *`),
    }),
    { maxLength: 3 },
  );
  const ms = fc.integer({ min: 0, max: 90 * minute });
  fc.assert(
    fc.property(fc.nat(40), tasks, ms, (target, schedule, after) => {
      let stepped = fixed(target, schedule);
      for (let at = minute; at < after; at += minute) {
        const { warm: from, target: wanted } = provisionedAt(stepped, start + at, quiet);
        // Whole minutes have whole instances only once the state is stable, so the test continues only from there.
        if (from === wanted) stepped = { ...stepped, since: start + at, from, target: wanted };
      }
      expect(warm(fixed(target, schedule), after)).toBe(warm(stepped, after));
    }),
    { numRuns: 60 },
  );
});

test('tracks concurrency within its bounds: up at the next check, down after ten minutes', () => {
  const busy: ConcurrencyHistory = (at) => (at >= start + 5000 && at < start + 25_000 ? 12 : 0);
  const tracked = tracking(0.6, 2, 15);
  const wanted = (ms: number) => provisionedAt(tracked, start + ms, busy).target;
  expect([0, 9999, 10_000].map(wanted)).toEqual([2, 2, 15]);
  expect([20_000, 619_999, 620_000].map(wanted)).toEqual([15, 15, 2]);
  expect(warm(tracked, 10_000 + 13 * 600, busy)).toBe(15);
  expect(provisionedAt(tracking(0.5, 1, 100), start + 10_000, busy).target).toBe(24);
});

test('keeps tracking between its bounds for any load', () => {
  const load = fc.array(fc.nat(500), { minLength: 1, maxLength: 50 });
  const ms = fc.integer({ min: 0, max: 200 * minute });
  fc.assert(
    fc.property(load, fc.integer({ min: 1, max: 20 }), fc.nat(80), ms, (loads, min, more, after) => {
      const busy: ConcurrencyHistory = (at) => loads[Math.floor(at / 10_000) % loads.length] ?? 0;
      const state = provisionedAt(tracking(0.7, min, min + more), start + after, busy);
      expect(state.target).toBeGreaterThanOrEqual(min);
      expect(state.target).toBeLessThanOrEqual(min + more);
      expect(state.warm).toBeGreaterThanOrEqual(min);
      expect(state.warm).toBeLessThanOrEqual(state.target);
    }),
    { numRuns: 50 },
  );
});

test('gives the same tracking result as evaluating every check since the beginning', () => {
  const load = fc.array(fc.nat(30), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(
      load,
      fc.integer({ min: 1, max: 5 }),
      fc.nat(20),
      fc.nat(90 * minute),
      (loads, min, more, after) => {
        const busy: ConcurrencyHistory = (at) => loads[Math.floor(at / 70_000) % loads.length] ?? 0;
        const tracked = { target: 0.7, min, max: min + more };
        // Calculated separately: 600 ms start one more, checks are ten seconds apart, and the highest of 60 checks
        // counts.
        let [target, warmed, at] = [min, min, 0];
        const seen: number[] = [];
        for (; at + 10_000 <= after; at += 10_000) {
          warmed = Math.min(target, warmed + 10_000 / 600);
          seen.push(busy(start + at + 10_000));
          const highest = Math.max(...seen.slice(-60));
          target = Math.min(tracked.max, Math.max(min, Math.ceil(highest / tracked.target)));
          warmed = Math.min(target, warmed);
        }
        warmed = Math.min(target, warmed + (after - at) / 600);
        const state = provisionedAt(tracking(0.7, min, min + more), start + after, busy);
        expect(state.target).toBe(target);
        expect(Math.abs(state.warm - Math.floor(warmed + 1e-9))).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});
