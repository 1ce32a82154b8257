import { expect, test } from 'vitest';
import { type Fall, judgeFall, type Verdict } from './restart-policy';

const crash = (at: number): Fall => ({ at, wasReady: true, wasKilled: false });
const stillborn = (at: number): Fall => ({ at, wasReady: false, wasKilled: false });
const killed = (at: number): Fall => ({ at, wasReady: true, wasKilled: true });

/** The verdict after each fall in turn. */
function judgeAll(falls: readonly Fall[]): readonly (number | 'give up')[] {
  let kept: readonly Fall[] = [];
  const say = (verdict: Verdict) => (verdict.kind === 'restart' ? verdict.afterMs : verdict.kind);
  return falls.map((fall) => {
    const { verdict, remember } = judgeFall([...kept, fall]);
    kept = remember;
    return say(verdict);
  });
}

test('pauses double from 300 ms, and the fifth fall within ten seconds is the last', () => {
  expect(judgeAll([0, 1000, 2000, 4000, 8000].map(crash))).toEqual([300, 600, 1200, 2400, 'give up']);
});

test('falls far apart are each the first', () => {
  expect(judgeAll([0, 20_000, 40_000, 60_000, 80_000, 100_000].map(crash))).toEqual([
    300, 300, 300, 300, 300, 300,
  ]);
});

test('a process that never comes up is given up after five tries, however long each takes', () => {
  expect(judgeAll([0, 30_000, 60_000, 90_000, 120_000].map(stillborn))).toEqual([
    300,
    600,
    1200,
    2400,
    'give up',
  ]);
});

test('kill -9 is not the program’s fault: it is started again every time', () => {
  expect(judgeAll([0, 1, 2, 3, 4, 5, 6].map(killed))).toEqual([300, 300, 300, 300, 300, 300, 300]);
});
