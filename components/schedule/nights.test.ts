import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignLanes, extraHours, listNights, nightDateAt, pieceIn, weekStartAt } from './nights';

const zone = fc.constantFrom('UTC', 'Asia/Jakarta', 'Europe/Berlin', 'America/New_York');
const instant = fc.integer({ min: Date.UTC(2025, 0), max: Date.UTC(2030, 0) });

describe('nights', () => {
  it('last from noon to noon, so that midnight is in the middle', () => {
    const nights = listNights('2026-12-07', 'Asia/Jakarta');
    expect(nights.map((night) => night.date)).toEqual(
      [7, 8, 9, 10, 11, 12, 13].map((d) => `2026-12-${d < 10 ? '0' : ''}${d}`),
    );
    const friday = nights[4];
    expect(friday && new Date(friday.from).toISOString()).toBe('2026-12-11T05:00:00.000Z');
    expect(nightDateAt(Date.parse('2026-12-11T17:00:00Z'), 'Asia/Jakarta')).toBe('2026-12-11');
  });

  it('are an hour longer or shorter when the clocks change', () => {
    const hours = (monday: string) => listNights(monday, 'Europe/Berlin').map(extraHours);
    expect(hours('2026-03-23')).toEqual([0, 0, 0, 0, 0, -1, 0]);
    expect(hours('2026-10-19')).toEqual([0, 0, 0, 0, 0, 1, 0]);
  });

  it('follow each other without a gap, and the week of an instant contains its night', () => {
    fc.assert(
      fc.property(instant, zone, (at, where) => {
        const nights = listNights(weekStartAt(at, where), where);
        for (const [index, night] of nights.entries())
          if (index > 0) expect(night.from).toBe(nights[index - 1]?.to);
        const diverted = nights.filter((night) => night.from <= at && at < night.to);
        expect(diverted.map((night) => night.date)).toEqual([nightDateAt(at, where)]);
      }),
    );
  });
});

describe('pieces', () => {
  it('of a span add up to its part in the week, each within its night', () => {
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: 1, max: 20 * 86_400_000 }),
        fc.integer({ min: -10, max: 10 }),
        zone,
        (from, length, days, where) => {
          const nights = listNights(weekStartAt(from + days * 86_400_000, where), where);
          const span = { from, to: from + length };
          const pieces = nights.map((night) => ({ night, piece: pieceIn(night, span) }));
          const shown = pieces.reduce(
            (sum, { night, piece }) => sum + (piece?.width ?? 0) * (night.to - night.from),
            0,
          );
          const [first, last] = [nights[0]?.from ?? 0, nights.at(-1)?.to ?? 0];
          expect(shown).toBeCloseTo(Math.max(0, Math.min(span.to, last) - Math.max(span.from, first)), 0);
          for (const { piece } of pieces) {
            expect(piece?.left ?? 0).toBeGreaterThanOrEqual(0);
            expect((piece?.left ?? 0) + (piece?.width ?? 0)).toBeLessThanOrEqual(1 + 1e-9);
          }
        },
      ),
    );
  });
});

describe('lanes', () => {
  const piece = fc.record({
    left: fc.double({ min: 0, max: 1, noNaN: true }),
    width: fc.double({ min: 0, max: 0.5, noNaN: true }),
  });

  it('never overlap two pieces, and are no more than needed', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.double({ min: 0.001, max: 0.3, noNaN: true }),
        (pieces, minWidth) => {
          const lanes = assignLanes(pieces, minWidth);
          const end = (p: (typeof pieces)[number]) => p.left + Math.max(p.width, minWidth);
          const clash = (a: number, b: number) => {
            const [x, y] = [pieces[a], pieces[b]];
            return x !== undefined && y !== undefined && x.left < end(y) && y.left < end(x);
          };
          for (const a of lanes.keys())
            for (const b of lanes.keys()) if (a < b && lanes[a] === lanes[b]) expect(clash(a, b)).toBe(false);
          const most = Math.max(
            0,
            ...pieces.map((p) => pieces.filter((q) => q.left <= p.left && p.left < end(q)).length),
          );
          expect(new Set(lanes).size).toBe(most);
        },
      ),
    );
  });
});
