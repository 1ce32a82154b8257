import { instantOf, offsetMs } from './freeze';

/** What a clock on the wall of a zone says: `2026-12-12` and `00:00:00`. */
export type WallClock = { readonly date: string; readonly time: string };

const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const timePattern = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;

/** What the clock in a zone says at an instant (epoch ms). */
export function wallAt(at: number, zone: string): WallClock {
  const [date = '', time = ''] = new Date(at + offsetMs(zone, at)).toISOString().split('T');
  return { date, time: time.slice(0, 8) };
}

/**
 * The instant at which the clock in a zone says this, in epoch ms; null when it is no date and time. What a change of the
 * clocks skips is taken as after the skip, what comes twice as the first.
 * @param time `HH:MM` or `HH:MM:SS`
 */
export function instantOfWall({ date, time }: WallClock, zone: string): number | null {
  if (!datePattern.test(date) || !timePattern.test(time)) return null;
  const local = Date.parse(`${date}T${time}Z`);
  // The parser takes 31 February for a day in March.
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 10) !== date) return null;
  return instantOf(local, zone);
}

/** The date this many days after another. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
