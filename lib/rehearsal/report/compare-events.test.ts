import { expect, it } from 'vitest';
import { testDrillEvent } from '@/testing/rehearsal/test-report';
import { compareEvents } from './compare-events';

it('orders events from the gravest on: not ended, then lost too much, then goals missed, then lost', () => {
  const events = [
    testDrillEvent({ seed: 1, verdict: 'missed', missed: ['ended', 'lostShare'], lostShare: 0.3 }),
    testDrillEvent({
      seed: 2,
      verdict: 'missed',
      missed: ['ended', 'lostShare', 'latenessMs'],
      lostShare: 0.01,
    }),
    testDrillEvent({ seed: 3, verdict: 'missed', missed: ['ended'] }),
    testDrillEvent({ seed: 4, verdict: 'missed', missed: ['lostShare'], lostShare: 0.5 }),
    testDrillEvent({ seed: 5, verdict: 'missed', missed: ['waitP95Ms', 'latenessMs'] }),
    testDrillEvent({ seed: 6, verdict: 'missed', missed: ['waitP95Ms'], lostShare: 0.0005 }),
    testDrillEvent({ seed: 7, lostShare: 0.0009 }),
    testDrillEvent({ seed: 8 }),
  ];
  expect(
    events
      .toReversed()
      .toSorted(compareEvents)
      .map(({ seed }) => seed),
  ).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
