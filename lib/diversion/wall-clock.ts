/**
 * The local date and time in a zone: `2026-12-12` and `00:00:00`. If it occurs twice because the clocks go back,
 * `offset` states which of the two is meant, by its distance from UTC: `+02:00`.
 */
export type WallClock = { readonly date: string; readonly time: string; readonly offset?: string };

/** The meaning of a local date and time in a zone. Instants in epoch ms. */
export type WallReading =
  | { readonly kind: 'instant'; readonly at: number }
  /** It occurs twice and no UTC offset was given; the earlier one first. */
  | { readonly kind: 'ambiguous'; readonly instants: readonly number[] }
  /** The clocks skip it. */
  | { readonly kind: 'skipped' }
  | { readonly kind: 'invalid' };

const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const timePattern = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;
const dayMs = 86_400_000;

/** To make one takes longer than to use it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

/** Returns whether a text is an IANA time zone that this machine supports. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Returns the offset of a zone from UTC at an instant, in ms. */
export function offsetMs(zone: string, at: number): number {
  const parts = formatOf(zone).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return local - Math.floor(at / 1000) * 1000;
}

/**
 * Returns the instant of a local time in a zone. A time that the clocks skip counts as after the skip; for one that
 * occurs twice, the first counts.
 * @param local the local time read as if it were UTC, in epoch ms
 */
export function toInstantInZone(local: number, zone: string): number {
  // The offset before the change decides for a time that occurs twice, and the one after it for a time that is skipped.
  const early = local - offsetMs(zone, local - dayMs);
  if (early + offsetMs(zone, early) === local) return early;
  const late = local - offsetMs(zone, local + dayMs);
  return late + offsetMs(zone, late) === local ? late : early;
}

/**
 * Returns the instant of a local time that the clocks skip, counted as before the skip; null if they don't skip it.
 * @param local the local time read as if it were UTC, in epoch ms
 */
export function beforeSkip(local: number, zone: string): number | null {
  return instantsAt(local, zone).length > 0 ? null : local - offsetMs(zone, local + dayMs);
}

/** Returns the local date and time as if it were UTC, in epoch ms; null if it is no date and time. */
function localOf({ date, time }: WallClock): number | null {
  if (!datePattern.test(date) || !timePattern.test(time)) return null;
  const local = Date.parse(`${date}T${time}Z`);
  // The parser reads 31 February as a day in March.
  return Number.isNaN(local) || new Date(local).toISOString().slice(0, 10) !== date ? null : local;
}

/** The instants with this local time, in order: none, one, or two. */
function instantsAt(local: number, zone: string): readonly number[] {
  // No zone is further than a day from UTC: one is before the change of the clocks, if there is one, and one after it.
  const around = [-dayMs, dayMs].map((away) => offsetMs(zone, local + away));
  return [...new Set(around)]
    .map((offset) => local - offset)
    .filter((at) => at + offsetMs(zone, at) === local)
    .toSorted((a, b) => a - b);
}

/** The distance of a zone from UTC at an instant (epoch ms), as `+02:00`; with seconds where an old one has some. */
export function utcOffset(at: number, zone: string): string {
  const ms = offsetMs(zone, at);
  const text = new Date(Math.abs(ms)).toISOString().slice(11, 19);
  return `${ms < 0 ? '-' : '+'}${text.endsWith(':00') ? text.slice(0, 5) : text}`;
}

/** Reads what is on the wall of a zone; what comes twice is not guessed. */
export function readWall(wall: WallClock, zone: string): WallReading {
  const local = localOf(wall);
  if (local === null) return { kind: 'invalid' };
  const instants = instantsAt(local, zone);
  const [first] = instants;
  if (first === undefined) return { kind: 'skipped' };
  const meant = instants.length === 1 ? first : instants.find((at) => utcOffset(at, zone) === wall.offset);
  return meant === undefined ? { kind: 'ambiguous', instants } : { kind: 'instant', at: meant };
}

/**
 * Returns the notes beside the field of a time: the offsets to choose from if it occurs twice, and whether the clocks
 * skip it.
 */
export function wallNotes(
  wall: WallClock,
  zone: string,
): { readonly offsets: readonly string[]; readonly isSkipped: boolean } {
  const { date, time } = wall;
  const reading = readWall({ date, time }, zone);
  const instants = reading.kind === 'ambiguous' ? reading.instants : [];
  return { offsets: instants.map((at) => utcOffset(at, zone)), isSkipped: reading.kind === 'skipped' };
}

/** Returns the local date and time in a zone at an instant (epoch ms). */
export function wallAt(at: number, zone: string): WallClock {
  const local = at + offsetMs(zone, at);
  const [date = '', time = ''] = new Date(local).toISOString().split('T');
  const wall = { date, time: time.slice(0, 8) };
  return instantsAt(Math.floor(local / 1000) * 1000, zone).length > 1
    ? { ...wall, offset: utcOffset(at, zone) }
    : wall;
}

/**
 * The instant at which the clock in a zone shows this, in epoch ms, for times without an explicit offset; null if it is
 * not a valid date and time. A time that the clocks skip counts as after the skip; of a time that occurs twice, the
 * first counts.
 * @param time `HH:MM` or `HH:MM:SS`
 */
export function instantOfWall(wall: WallClock, zone: string): number | null {
  const local = localOf(wall);
  return local === null ? null : toInstantInZone(local, zone);
}

/** Returns the date this many days after another. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
