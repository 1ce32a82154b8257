import { afterEach, describe, expect, it, vi } from 'vitest';
import { recentRead, shareRead } from './share-read';

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
