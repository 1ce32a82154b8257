const short = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', timeZone: 'UTC' });
const long = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'long', year: 'numeric' },
  timeZone: 'UTC',
});

/** `Fri 11`, of a date. */
export function shortDay(date: string): string {
  return short.format(new Date(`${date}T00:00:00Z`)).replace(',', '');
}

/** `7 December 2026`, of a date. */
export function longDay(date: string): string {
  return long.format(new Date(`${date}T00:00:00Z`));
}
