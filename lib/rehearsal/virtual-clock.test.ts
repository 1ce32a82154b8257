import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock';

const start = new Date('2026-12-12T00:00:00.000Z');
const afterS = (s: number) => new Date(start.getTime() + s * 1000);
const dayS = 24 * 3600;

describe('VirtualClock', () => {
  it('wakes sleepers in the order of instants, and at one instant in the order of their calls', async () => {
    const clock = new VirtualClock(start);
    const woken: string[] = [];
    const sleeper = async (name: string, untilS: number) => {
      await clock.sleepUntil(afterS(untilS));
      woken.push(`${name} ${clock.now().toISOString()}`);
    };
    await clock.run(
      Promise.all([sleeper('c', 2 * dayS), sleeper('a', 1), sleeper('d', 2 * dayS), sleeper('b', 1)]),
    );
    expect(woken).toEqual([
      'a 2026-12-12T00:00:01.000Z',
      'b 2026-12-12T00:00:01.000Z',
      'c 2026-12-14T00:00:00.000Z',
      'd 2026-12-14T00:00:00.000Z',
    ]);
  });

  it('finishes all work at an instant before it continues', async () => {
    const clock = new VirtualClock(start);
    const seen: string[] = [];
    const chatty = async () => {
      await clock.sleepUntil(afterS(1));
      for (let i = 0; i < 50; i += 1) await Promise.resolve();
      await clock.sleepUntil(afterS(1.5));
      seen.push('chatty');
    };
    const late = async () => {
      await clock.sleepUntil(afterS(2));
      seen.push('late');
    };
    await clock.run(Promise.all([late(), chatty()]));
    expect(seen).toEqual(['chatty', 'late']);
  });

  it('returns at once for an instant in the past', async () => {
    const clock = new VirtualClock(start);
    await clock.run(clock.sleepUntil(afterS(-5)));
    expect(clock.now()).toEqual(start);
  });

  it('shows a jump to readers, and wakes sleepers after the elapsed time', async () => {
    const clock = new VirtualClock(start);
    const sleep = clock.sleepUntil(afterS(60));
    clock.jump(-600_000);
    expect(clock.now()).toEqual(afterS(-600));
    await clock.run(sleep);
    expect(clock.now()).toEqual(afterS(60 - 600));
    expect(clock.elapsedMs()).toBe(60_000);
  });

  it('makes no call that was cancelled', async () => {
    const clock = new VirtualClock(start);
    const calls: string[] = [];
    const takeBack = clock.after(1000, () => calls.push('taken back'));
    clock.after(1000, () => calls.push('kept'));
    takeBack();
    await clock.run(clock.sleepUntil(afterS(2)));
    expect(calls).toEqual(['kept']);
  });

  it('stops while external work is running', async () => {
    const clock = new VirtualClock(start);
    const seen: string[] = [];
    const reader = async () => {
      await clock.withTimeStopped(() => readFile(new URL(import.meta.url)));
      seen.push(`read ${clock.elapsedMs()}`);
    };
    const sleeper = async () => {
      await clock.sleepUntil(afterS(1));
      seen.push(`woken ${clock.elapsedMs()}`);
    };
    await clock.run(Promise.all([sleeper(), reader()]));
    expect(seen).toEqual(['read 0', 'woken 1000']);
  });

  it('passes on errors of the work, and fails when the work deadlocks', async () => {
    const clock = new VirtualClock(start);
    await expect(clock.run(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(clock.run(new Promise(() => {}))).rejects.toThrow('waits for something');
  });
});
