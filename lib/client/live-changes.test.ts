import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, it, vi } from 'vitest';
import { RunId } from '@/lib/run/model/run-id';
import { queryRefresher } from './live-changes';
import { queryKeys } from './queries';

const client = new QueryClient();
afterEach(() => {
  client.clear();
  vi.useRealTimers();
});

/** A query on screen whose responses the test provides; it counts how often it was fetched. */
function shown(queryKey: readonly string[]) {
  const asked: ((answer: number) => void)[] = [];
  const queryFn = ({ signal }: { signal: AbortSignal }) =>
    new Promise<number>((resolve, reject) => {
      asked.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const observer = new QueryObserver(client, { queryKey, queryFn, initialData: 0, staleTime: 60_000 });
  const leave = observer.subscribe(() => {});
  return { asked, leave, data: () => observer.getCurrentResult().data };
}

it('refetches only changed data', async () => {
  const run = shown(queryKeys.run(RunId.parse('R-0001')));
  const other = shown(queryKeys.run(RunId.parse('R-0002')));
  const schedule = shown(queryKeys.schedule());
  const estate = shown(queryKeys.estate('here'));
  queryRefresher(client)({ kind: 'run', id: RunId.parse('R-0001') });
  await expect
    .poll(() => [run, other, schedule, estate].map(({ asked }) => asked.length))
    .toEqual([1, 0, 1, 0]);
  run.asked[0]?.(7);
  await expect.poll(run.data).toBe(7);
});

it('refetches everything when anything may have changed', async () => {
  const all = [queryKeys.run(RunId.parse('R-0001')), queryKeys.deployment('d'), queryKeys.estate('here')].map(
    shown,
  );
  queryRefresher(client)({ kind: 'anything' });
  await expect.poll(() => all.map(({ asked }) => asked.length)).toEqual([1, 1, 1]);
});

it('lets a read finish during many changes, and reads once more afterwards', async () => {
  const run = shown(queryKeys.run(RunId.parse('R-0001')));
  const refresh = queryRefresher(client);
  for (let i = 0; i < 20; i++) refresh({ kind: 'run', id: RunId.parse('R-0001') });
  expect(run.asked).toHaveLength(1);
  run.asked[0]?.(1);
  await expect.poll(() => run.asked.length).toBe(2);
  expect(run.data()).toBe(1);
  run.asked[1]?.(2);
  await expect.poll(run.data).toBe(2);
  expect(run.asked).toHaveLength(2);
});

it('reads the board at most once per second for the probe rounds of all Switches', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const board = shown(queryKeys.switches());
  const rail = shown(queryKeys.rail());
  const refresh = queryRefresher(client);
  for (let i = 0; i < 9; i++) refresh({ kind: 'round', id: `S-000${i}` });
  expect(board.asked).toHaveLength(1);
  board.asked[0]?.(1);
  // React Query delivers a response through a timer.
  const answered = (value: number) =>
    expect
      .poll(async () => {
        await vi.advanceTimersByTimeAsync(0);
        return board.data();
      })
      .toBe(value);
  await answered(1);
  vi.advanceTimersByTime(900);
  expect(board.asked).toHaveLength(1);
  vi.advanceTimersByTime(200);
  await expect.poll(() => board.asked.length).toBe(2);
  board.asked[1]?.(2);
  await answered(2);
  expect(rail.asked).toHaveLength(0);
  // A failover is shown at once, in the navigation too.
  refresh({ kind: 'switches' });
  await expect.poll(() => [board.asked.length, rail.asked.length]).toEqual([3, 1]);
});
