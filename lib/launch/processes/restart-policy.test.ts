import { expect, test } from 'vitest';
import { type Crash, nextRestart } from './restart-policy';

const crash = (at: number): Crash => ({ at, wasReady: true, wasKilled: false });
const stillborn = (at: number): Crash => ({ at, wasReady: false, wasKilled: false });
const killed = (at: number): Crash => ({ at, wasReady: true, wasKilled: true });

/** Returns the delay after each crash in turn. */
function pauses(crashes: readonly Crash[], longestMs = 5_000): readonly number[] {
  let kept: readonly Crash[] = [];
  return crashes.map((fall) => {
    const { pauseMs, remember } = nextRestart([...kept, fall], longestMs);
    kept = remember;
    return pauseMs;
  });
}

test('doubles the delay from 300 ms up to the maximum, and never gives up', () => {
  expect(pauses([0, 1000, 2000, 3000, 4000, 5000, 6000].map(crash))).toEqual([
    300, 600, 1200, 2400, 4800, 5000, 5000,
  ]);
  const hours = Array.from({ length: 2000 }, (_, index) => stillborn(index * 5000));
  expect(pauses(hours).at(-1)).toBe(5_000);
  expect(pauses(hours, 60_000).at(-1)).toBe(60_000);
});

test('treats crashes far apart as first ones', () => {
  expect(pauses([0, 20_000, 40_000, 60_000, 80_000, 100_000].map(crash))).toEqual([
    300, 300, 300, 300, 300, 300,
  ]);
});

test('increases the delay for a process that never becomes ready, even if each attempt takes long', () => {
  expect(pauses([0, 30_000, 60_000, 90_000, 120_000].map(stillborn))).toEqual([300, 600, 1200, 2400, 4800]);
});

test('restarts a process that was killed after it was ready without increasing the delay', () => {
  expect(pauses([0, 1, 2, 3, 4, 5, 6].map(killed))).toEqual([300, 300, 300, 300, 300, 300, 300]);
});
