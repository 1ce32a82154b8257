import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Change } from '@/lib/contract/change';
import { RunId } from '@/lib/run/model/run-id';
import { coalesce } from '@/lib/store/change-feed';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const run = (id: RunId): Change => ({ kind: 'run', id });

it('passes on each change of a burst once, including the last one', () => {
  const received: (readonly Change[])[] = [];
  const { push } = coalesce((changes) => received.push(changes), 100);
  push(run(RunId.parse('R-0001')));
  for (let i = 0; i < 500; i++) push(run(RunId.parse(`R-000${1 + (i % 2)}`)));
  vi.advanceTimersByTime(100);
  expect(received).toEqual([
    [run(RunId.parse('R-0001'))],
    [run(RunId.parse('R-0001')), run(RunId.parse('R-0002'))],
  ]);
  push(run(RunId.parse('R-0002')));
  vi.advanceTimersByTime(100);
  expect(received.at(-1)).toEqual([run(RunId.parse('R-0002'))]);
});

it('reports a change of anything when too many changes arrive at a time', () => {
  const received: (readonly Change[])[] = [];
  const { push } = coalesce((changes) => received.push(changes), 100);
  push(run(RunId.parse('R-0000')));
  for (let i = 0; i < 5000; i++) push(run(RunId.parse(`R-${i}`)));
  vi.advanceTimersByTime(100);
  expect(received[1]).toContainEqual({ kind: 'anything' });
  expect(received[1]?.length).toBeLessThanOrEqual(100);
});
