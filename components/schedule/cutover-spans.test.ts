import { describe, expect, it } from 'vitest';
import type { ScheduledCutover } from '@/lib/contract/schedule';
import { phaseSpans, wholeSpan } from './cutover-spans';

const hour = 3_600_000;
const t0 = Date.parse('2026-12-11T17:00:00Z');
const iso = (hours: number) => new Date(t0 + hours * hour).toISOString();

function times(t1: number | null, change: Partial<ScheduledCutover> = {}) {
  return {
    prewarmAt: iso(-1),
    divertedAt: iso(0.1),
    backAt: t1 === null ? null : iso(t1 + 0.2),
    endedAt: null,
    state: 'scheduled',
    ...change,
    cutover: {
      t0: iso(0),
      prewarmS: 3600,
      t1: t1 === null ? null : iso(t1),
      zone: 'UTC',
      guards: [],
      missedT0: { kind: 'skip' },
    },
  } as const satisfies Parameters<typeof phaseSpans>[0];
}

/** Returns the phases with their ends, in hours after T0. */
const ends = (given: Parameters<typeof phaseSpans>[0]) =>
  phaseSpans(given).map(({ phase, to }) => `${phase} ${Math.round(((to - t0) / hour) * 10) / 10}`);

describe('the phases on the schedule', () => {
  it('follow each other, and cover the whole span', () => {
    expect(ends(times(2))).toEqual(['prewarm 0', 'divert 0.1', 'diverted 2', 'rollback 2.2']);
    expect(wholeSpan(times(2))).toEqual({ from: t0 - hour, to: t0 + 2.2 * hour });
  });

  it.each(['scheduled', 'diverted', 'done', 'stopped'] as const)(
    'continue for half a night where it stays: %s',
    (state) => {
      expect(ends(times(null, { state, endedAt: iso(0.1) }))).toEqual([
        'prewarm 0',
        'divert 0.1',
        'diverted 12.1',
      ]);
    },
  );

  it.each(['rolledBack', 'closed'] as const)('end where it was %s', (state) => {
    expect(ends(times(null, { state, endedAt: iso(3) }))).toEqual(['prewarm 0', 'divert 0.1', 'diverted 3']);
    // Left as is before it moved, so nothing was diverted.
    expect(ends(times(null, { state, endedAt: iso(-0.5) }))).toEqual(['prewarm 0', 'divert 0.1']);
  });
});
