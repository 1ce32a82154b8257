import { expect, it } from 'vitest';
import { testRun } from '@/testing/components/test-run';
import { isOnSmall, mainOffers } from './run-commands';

const onSmall = (change: Parameters<typeof testRun>[0]) =>
  mainOffers(testRun(change), { isPaused: false })
    .filter(isOnSmall)
    .map(({ command }) => command);

it.each([
  ['scheduled', ['pause']],
  ['applying', ['pause', 'revert']],
  ['paused', ['resume', 'revert']],
  ['missed', ['resume', 'revert']],
  // A retry requires a screen that shows the findings.
  ['held', ['revert']],
  ['reverting', ['pause']],
  ['done', ['revert']],
  ['reverted', []],
] as const)(
  'offers on a small screen, for a run that is %s, only commands that stop or continue it',
  (state, commands) => {
    expect(onSmall({ state })).toEqual(commands);
  },
);
