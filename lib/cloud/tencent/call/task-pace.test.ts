import { expect, it } from 'vitest';
import { TaskPace } from './task-pace';

const paceAfter = (...tasks: readonly number[]) => {
  const pace = new TaskPace();
  for (const ms of tasks) pace.ended(ms);
  return pace.firstPollMs();
};

it.each([
  ['polls at once while little is known', [4000, 4000, 4000], 0],
  ['polls a little before the usual end', [4000, 4200, 4100, 4000], 3800],
  ['follows the shortest, so that a quick task is not waited for', [4000, 4200, 4100, 500], 475],
  ['forgets what is long ago', [500, ...Array.from({ length: 8 }, () => 4000)], 3800],
  ['never waits longer than 10 s', [60_000, 60_000, 60_000, 60_000], 10_000],
])('%s', (_name, tasks, ms) => {
  expect(paceAfter(...tasks)).toBe(ms);
});
