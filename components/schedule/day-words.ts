const short = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', timeZone: 'UTC' });
const long = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** Formats a date as `Fri 11`. */
export function shortDay(date: string): string {
  return short.format(new Date(`${date}T00:00:00Z`)).replace(',', '');
}

/** Formats a date as `7 December 2026`. */
export function longDay(date: string): string {
  return long.format(new Date(`${date}T00:00:00Z`));
}
