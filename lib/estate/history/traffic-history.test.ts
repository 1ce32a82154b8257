import { describe, expect, it } from 'vitest';
import { HistoryPlace, planHistory } from './traffic-history';

const now = Date.parse('2026-11-29T12:00:30Z');
const hourMs = 3_600_000;
const plan = (daysAgo: number, hours: number) => {
  const from = now - daysAgo * 24 * hourMs;
  return planHistory({ from, to: from + hours * hourMs }, now);
};

describe('the span of a past event', () => {
  it.each([
    [1, 3, 60],
    [14.9, 24, 60],
    [15.1, 24, 300],
    [31.1, 24, 3600],
    // More points than are read of the minutes.
    [10, 72, 300],
    [14, 336, 3600],
  ])(
    'of %d days ago and %d hours is read by the shortest period that is kept: %d s',
    (daysAgo, hours, periodS) => {
      expect(plan(daysAgo, hours)).toMatchObject({ ok: true, span: { periodS } });
    },
  );

  it('is extended to whole periods, without the one that has not ended', () => {
    const from = Date.parse('2026-11-29T11:57:20Z');
    expect(planHistory({ from, to: now + hourMs }, now)).toEqual({
      ok: true,
      span: { from: Date.parse('2026-11-29T11:57:00Z'), to: Date.parse('2026-11-29T12:00:00Z'), periodS: 60 },
    });
  });

  it.each([
    [1, 0, 'order'],
    [20, 337, 'tooLong'],
    [-1, 1, 'future'],
    // The minute is still running.
    [0.0001, 1, 'future'],
    [94, 1, 'tooOld'],
  ])('of %d days ago and %d hours is refused: %s', (daysAgo, hours, problem) => {
    expect(plan(daysAgo, hours)).toEqual({ ok: false, problem });
  });
});

it.each([{ listenerId: 'lbl-1' }, { domain: 'a.example' }, { url: '/' }])(
  'refuses a place without a listener and its domain: %o',
  (given) => {
    const place = { region: 'ap-singapore', loadBalancerId: 'lb-1', ...given };
    expect(HistoryPlace.safeParse(place).success).toBe(false);
  },
);
