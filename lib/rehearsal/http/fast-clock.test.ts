import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FastClock } from './fast-clock';

const start = new Date('2026-12-12T00:00:00Z');

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

describe('a fast clock', () => {
  it('wakes sleepers in the order of their instants, as many times as fast', async () => {
    const clock = new FastClock(start, 60);
    const woken: string[] = [];
    clock.after(120_000, () => woken.push('two minutes'));
    clock.after(60_000, () => woken.push('a minute'));
    clock.after(90_000, () => woken.push('canceled'))();
    await vi.advanceTimersByTimeAsync(999);
    expect(woken).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toEqual(['a minute']);
    expect(clock.now()).toEqual(new Date('2026-12-12T00:01:00Z'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(woken).toEqual(['a minute', 'two minutes']);
  });

  it("runs at the machine's pace while a call is on the wire", async () => {
    const clock = new FastClock(start, 60);
    let isAwake = false;
    clock.after(10_000, () => {
      isAwake = true;
    });
    const call = clock.duringCall(() => new Promise<void>((resolve) => setTimeout(resolve, 5000)));
    await vi.advanceTimersByTimeAsync(4999);
    expect(clock.elapsedMs()).toBe(4999);
    await vi.advanceTimersByTimeAsync(1);
    await call;
    await vi.advanceTimersByTimeAsync(80);
    expect(isAwake).toBe(false);
    await vi.advanceTimersByTimeAsync(4);
    expect(isAwake).toBe(true);
  });

  it('stops while it rests, also after a call has ended, and then continues', async () => {
    const clock = new FastClock(start, 60);
    const woken: number[] = [];
    clock.after(60_000, () => woken.push(clock.elapsedMs()));
    await vi.advanceTimersByTimeAsync(500);
    const call = clock.duringCall(() => new Promise<void>((resolve) => setTimeout(resolve, 1000)));
    let end = () => {};
    const rest = clock.restUntil(
      new Promise((resolve) => {
        end = resolve;
      }),
    );
    await vi.advanceTimersByTimeAsync(60_000);
    await call;
    clock.after(0, () => woken.push(-1));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([clock.elapsedMs(), woken]).toEqual([30_000, []]);
    end();
    await rest;
    await vi.advanceTimersByTimeAsync(500);
    expect(woken).toEqual([-1, 60_000]);
  });

  it('keeps the length of waits when it jumps, and wakes no one once it is stopped', async () => {
    const clock = new FastClock(start, 1);
    let woken = 0;
    const count = () => {
      woken += 1;
    };
    clock.after(1000, count);
    clock.jump(-60_000);
    expect(clock.now()).toEqual(new Date('2026-12-11T23:59:00Z'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(woken).toBe(1);
    clock.after(1000, count);
    clock.stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(woken).toBe(1);
  });
});
