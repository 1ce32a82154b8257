import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WriteQueue } from './write';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Logs when a turn begins. */
async function noting(log: string[], name: string, turn: Promise<() => void>): Promise<() => void> {
  const end = await turn;
  log.push(name);
  return end;
}

it('grants one turn per key at a time, in the order of the requests', async () => {
  const queue = new WriteQueue(1000);
  const log: string[] = [];
  const first = noting(log, 'lb-1 first', queue.turn('lb-1'));
  const second = noting(log, 'lb-1 second', queue.turn('lb-1'));
  const other = noting(log, 'lb-2', queue.turn('lb-2'));
  const endFirst = await first;
  await other;
  expect(log).toEqual(['lb-1 first', 'lb-2']);
  endFirst();
  await second;
  expect(log).toEqual(['lb-1 first', 'lb-2', 'lb-1 second']);
});

it('revokes the turn of a caller that never releases it', async () => {
  const queue = new WriteQueue(1000);
  await queue.turn('lb-1');
  const second = queue.turn('lb-1');
  await vi.advanceTimersByTimeAsync(1000);
  await expect(second).resolves.toBeTypeOf('function');
});

it('releases only its own turn, even if it is called repeatedly', async () => {
  const queue = new WriteQueue(1000);
  const end = await queue.turn('lb-1');
  end();
  await queue.turn('lb-1');
  end();
  const log: string[] = [];
  void noting(log, 'third', queue.turn('lb-1'));
  await vi.advanceTimersByTimeAsync(1);
  expect(log).toEqual([]);
});
