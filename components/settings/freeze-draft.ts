import type { AddFreezeAction } from '@/lib/client/actions';
import { readWall, type WallClock, wallAt } from '@/lib/diversion/wall-clock';

/** A freeze window while it is being edited. `once` uses the dates, `daily` only the times. */
export type FreezeDraft = {
  readonly kind: 'once' | 'daily';
  readonly name: string;
  readonly zone: string;
  readonly from: WallClock;
  readonly to: WallClock;
};

const hourMs = 3_600_000;

/** Returns a freeze of one hour, starting at the next full hour. */
export function firstFreeze(now: number, zone: string): FreezeDraft {
  const from = Math.ceil(now / hourMs) * hourMs;
  const wall = (at: number) => {
    const typed = wallAt(at, zone);
    return { ...typed, time: typed.time.slice(0, 5) };
  };
  return { kind: 'once', name: '', zone, from: wall(from), to: wall(from + hourMs) };
}

/** Returns the minutes after midnight of `HH:MM`; NaN if it is invalid. */
export function parseMinuteOfDay(time: string): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(time) ?? [];
  return Number(hours) * 60 + Number(minutes);
}

/** Returns the server's input. An invalid time becomes a value that the server rejects by field. */
export function toFreeze({ kind, name, zone, from, to }: FreezeDraft): Parameters<AddFreezeAction>[0] {
  if (kind === 'daily')
    return {
      name,
      span: { kind, fromMinute: parseMinuteOfDay(from.time), toMinute: parseMinuteOfDay(to.time), zone },
    };
  const instant = (wall: WallClock) => {
    const reading = readWall(wall, zone);
    return reading.kind === 'instant' ? new Date(reading.at).toISOString() : '';
  };
  return { name, span: { kind, from: instant(from), to: instant(to) } };
}
