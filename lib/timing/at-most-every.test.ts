import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { atMostEvery } from './at-most-every';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('runs at once after an idle period, and once for all requests during the following pause', () => {
  const act = vi.fn();
  const { ask } = atMostEvery(100, act);
  for (let i = 0; i < 50; i++) ask();
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(99);
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1000);
  expect(act).toHaveBeenCalledTimes(2);
  ask();
  expect(act).toHaveBeenCalledTimes(3);
});

it('keeps its interval under constant requests', () => {
  const act = vi.fn();
  const { ask } = atMostEvery(100, act);
  for (let ms = 0; ms < 1000; ms += 5) {
    ask();
    vi.advanceTimersByTime(5);
  }
  // One at the start, and one after each of ten pauses.
  expect(act).toHaveBeenCalledTimes(11);
});

it('handles a request that arrives during a run', () => {
  let acts = 0;
  const throttled = atMostEvery(100, () => {
    acts += 1;
    if (acts === 1) throttled.ask();
  });
  throttled.ask();
  expect(acts).toBe(1);
  vi.advanceTimersByTime(100);
  expect(acts).toBe(2);
});

it('does nothing after a stop', () => {
  const act = vi.fn();
  const { ask, stop } = atMostEvery(100, act);
  ask();
  ask();
  stop();
  ask();
  vi.advanceTimersByTime(1000);
  expect(act).toHaveBeenCalledTimes(1);
});
