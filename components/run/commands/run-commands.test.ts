import { expect, it } from 'vitest';
import { testRun } from '@/testing/components/test-run';
import { isOnSmall, mainOffers } from './run-commands';

const onSmall = (change: Parameters<typeof testRun>[0]) =>
  mainOffers(testRun(change), { isPaused: false })
    .filter(isOnSmall)
    .map(({ command }) => command);

it.each([
  ['scheduled', ['pause']],
  ['applying', ['pause', 'rollback']],
  ['paused', ['continue', 'rollback']],
  ['missed', ['continue', 'rollback']],
  ['stopped', ['continue', 'rollback']],
  ['rollingBack', ['pause']],
  ['done', ['rollback']],
  ['rolledBack', []],
] as const)(
  'offers on a small screen, for a run that is %s, only commands that stop or continue it',
  (state, commands) => {
    expect(onSmall({ state })).toEqual(commands);
  },
);
