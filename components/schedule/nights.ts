import { addDays, instantOfWall, wallAt } from '@/lib/diversion/wall-clock';

/** The time from one noon to the next in a time zone, so that a midnight sale is never split. Instants in epoch ms. */
export type Night = { readonly date: string; readonly from: number; readonly to: number };

/** A time range, in epoch ms; the end is exclusive. */
export type NightSpan = { readonly from: number; readonly to: number };

/**
 * The position of a span in a night, as shares of its length; `starts` and `ends`: true if its own ends are in this
 * night.
 */
export type Piece = {
  readonly left: number;
  readonly width: number;
  readonly starts: boolean;
  readonly ends: boolean;
};

const nightHours = 24;
const hourMs = 3_600_000;

function noonAt(date: string, zone: string): number {
  return instantOfWall({ date, time: '12:00:00' }, zone) ?? 0;
}

/** Returns the date of the evening of an instant's night: before noon it is the previous day. */
export function nightDateAt(at: number, zone: string): string {
  const { date, time } = wallAt(at, zone);
  return time < '12:00:00' ? addDays(date, -1) : date;
}

/** Returns the Monday of the week that contains the night of an instant. */
export function weekStartAt(at: number, zone: string): string {
  const date = nightDateAt(at, zone);
  const daysSinceMonday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(date, -daysSinceMonday);
}

/** Returns the night that starts on the evening of a date. A clock change makes it an hour longer or shorter. */
export function getNight(date: string, zone: string): Night {
  return { date, from: noonAt(date, zone), to: noonAt(addDays(date, 1), zone) };
}

/** Returns the seven nights from a Monday on. */
export function listNights(monday: string, zone: string): readonly Night[] {
  return Array.from({ length: 7 }, (_, index) => getNight(addDays(monday, index), zone));
}

/** Returns the extra hours of a night: 1 or -1 when the clocks change. */
export function extraHours({ from, to }: Night): number {
  return (to - from) / hourMs - nightHours;
}

/** Returns the part of a span that is in a night, or null if they don't overlap. */
export function pieceIn(night: Night, span: NightSpan): Piece | null {
  const from = Math.max(night.from, span.from);
  const to = Math.min(night.to, span.to);
  if (to <= from) return null;
  const length = night.to - night.from;
  return {
    left: (from - night.from) / length,
    width: (to - from) / length,
    starts: span.from >= night.from,
    ends: span.to <= night.to,
  };
}

/**
 * Assigns overlapping pieces to lanes, each to the first free one. Each piece counts as at least `minWidth` wide,
 * because its name is above it.
 * @returns the lane of each piece, from 0, in the order of the pieces
 */
export function assignLanes(
  pieces: readonly Pick<Piece, 'left' | 'width'>[],
  minWidth: number,
): readonly number[] {
  const byStart = pieces
    .map((piece, index) => ({ piece, index }))
    .toSorted((a, b) => a.piece.left - b.piece.left);
  const ends: number[] = [];
  const lanes: number[] = pieces.map(() => 0);
  for (const { piece, index } of byStart) {
    const free = ends.findIndex((end) => end <= piece.left);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = piece.left + Math.max(piece.width, minWidth);
    lanes[index] = lane;
  }
  return lanes;
}
