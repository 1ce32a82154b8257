type Parts = Omit<Intl.DateTimeFormatOptions, 'timeZone'>;

/**
 * Creating a formatter costs more than using it a hundred times, and lists show hundreds of times. One entry per zone.
 */
const made = new Map<string, Intl.DateTimeFormat>();

function formatIn(locale: string, timeZone: string, parts: Parts): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${Object.keys(parts).join()}`;
  const known = made.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone, ...parts });
  made.set(key, known);
  return known;
}

/** Returns the viewer's own short name of a zone if there is one (`WIB`, `CET`), otherwise the offset (`GMT+8`). */
function zoneName(at: Date, timeZone: string): string {
  const names = ['en-GB', 'en-ID', 'en-US'].map(
    (locale) =>
      formatIn(locale, timeZone, { timeZoneName: 'short' })
        .formatToParts(at)
        .find((part) => part.type === 'timeZoneName')?.value ?? timeZone,
  );
  return names.find((name) => !name.startsWith('GMT')) ?? names[0] ?? timeZone;
}

function formatDay(at: Date, timeZone: string): string {
  return formatIn('en-GB', timeZone, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}

/**
 * Formats an instant as `21:14:02 WIB`, or as `11 Dec 2026 21:14:02 WIB` if the day differs from that of `now`.
 * @param now null always shows the day: a server does not know the viewer's today
 */
export function formatInstant(iso: string, timeZone: string, now: Date | null): string {
  const at = new Date(iso);
  const time = formatIn('en-GB', timeZone, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at);
  const clock = `${time} ${zoneName(at, timeZone)}`;
  const day = formatDay(at, timeZone);
  return now !== null && formatDay(now, timeZone) === day ? clock : `${day} ${clock}`;
}

/** Formats a duration as `380 ms`, `6.1 s` or `2 min 5 s`: two units at most, enough to compare. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  // From 59.95 s on, one decimal would show 60.0 s.
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Formats an age in whole units: `38 s`, `14 min`, `3 h`, `2 d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Formats a countdown or the time since: `12:14`, `01:52:18`, `2 d 03:04:05`. Whole seconds. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24];
  const minutes = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  if (days > 0) return `${days} d ${two(hours)}:${minutes}`;
  return hours > 0 ? `${two(hours)}:${minutes}` : minutes;
}
