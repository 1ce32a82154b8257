import { expect, it } from 'vitest';
import { shareRead } from './share-read';

/** A reading that ends when it is told to, with its number. */
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

it('reads once for all who ask at the same time', async () => {
  const { read, ends } = slowReading();
  const asked = [read(), read(), read()];
  await settle();
  ends[0]?.();
  expect(await Promise.all(asked)).toEqual([1, 1, 1]);
});

it('gives nobody a reading that had begun before they asked, and lets all of those share the next', async () => {
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

it('goes on after one that failed, which fails for those who shared it', async () => {
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
