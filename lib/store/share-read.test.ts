import { afterEach, describe, expect, it, vi } from 'vitest';
import { keepUntilChanged, recentRead, shareRead } from './share-read';

/** A read that the test completes, with its number. */
function slowReading() {
  const ends: ((fails?: boolean) => void)[] = [];
  const read = () => {
    const number = ends.length + 1;
    return new Promise<number>((resolve, reject) => {
      ends.push((fails = false) => (fails ? reject(new Error('away')) : resolve(number)));
    });
  };
  return { read: shareRead(read), ends };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

it('reads once for all concurrent callers', async () => {
  const { read, ends } = slowReading();
  const asked = [read(), read(), read()];
  await settle();
  ends[0]?.();
  expect(await Promise.all(asked)).toEqual([1, 1, 1]);
});

it('never returns a read that began before the call, and shares the next one among such callers', async () => {
  const { read, ends } = slowReading();
  const first = read();
  await settle();
  const later = [read(), read()];
  await settle();
  expect(ends).toHaveLength(1);
  ends[0]?.();
  expect(await first).toBe(1);
  await settle();
  ends[1]?.();
  expect(await Promise.all(later)).toEqual([2, 2]);
});

it('continues after a failed read, which fails for the callers that shared it', async () => {
  const { read, ends } = slowReading();
  const failing = Promise.allSettled([read(), read()]);
  await settle();
  const later = read();
  ends[0]?.(true);
  expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await settle();
  ends[1]?.();
  expect(await later).toBe(2);
});

describe('recentRead', () => {
  afterEach(() => vi.useRealTimers());

  it('reads once within its cache time, and again afterwards', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    let count = 0;
    const read = recentRead(async () => {
      count += 1;
      return count;
    }, 1000);
    expect(await Promise.all([read(), read()])).toEqual([1, 1]);
    vi.advanceTimersByTime(999);
    expect(await read()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await read()).toBe(2);
  });

  it('does not cache failures', async () => {
    const source = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue('there');
    const read = recentRead<string>(source, 60_000);
    await expect(read()).rejects.toThrow('away');
    expect(await read()).toBe('there');
  });
});

describe('keepUntilChanged', () => {
  afterEach(() => vi.useRealTimers());

  /** A read that counts itself, with a version that the test sets. */
  function keeping() {
    const state = { version: 'a', reads: 0, fails: false, during: () => {} };
    const read = keepUntilChanged(
      async () => {
        state.reads += 1;
        state.during();
        if (state.fails) throw new Error('away');
        return state.reads;
      },
      async () => state.version,
      1000,
    );
    return { state, read };
  }

  it('reads once for one version, and again for the next', async () => {
    const { state, read } = keeping();
    expect([await read(), await read()]).toEqual([1, 1]);
    state.version = 'b';
    expect([await read(), await read()]).toEqual([2, 2]);
    // A version that was there before is not known any more.
    state.version = 'a';
    expect(await read()).toBe(3);
  });

  it('reads again after a change during the read', async () => {
    const { state, read } = keeping();
    state.during = () => {
      state.version = 'b';
    };
    await read();
    expect(await read()).toBe(2);
  });

  it('releases a value that is no longer read', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { state, read } = keeping();
    expect(await read()).toBe(1);
    expect(vi.getTimerCount()).toBe(1);
    // By the clock of the process, it is still fresh.
    vi.advanceTimersByTime(1000);
    expect(await read()).toBe(2);
    expect(state.reads).toBe(2);
  });

  it('keeps a value no longer than its time, and no failure', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { state, read } = keeping();
    expect(await read()).toBe(1);
    vi.advanceTimersByTime(999);
    expect(await read()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await read()).toBe(2);
    state.version = 'b';
    state.fails = true;
    await expect(read()).rejects.toThrow('away');
    state.fails = false;
    expect(await read()).toBe(4);
  });
});
