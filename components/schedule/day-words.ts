/** `Fri 11`, of a date. */
export function shortDay(date: string): string {
  const parts = { weekday: 'short', day: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat('en-GB', parts).format(new Date(`${date}T00:00:00Z`)).replace(',', '');
}

/** `7 December 2026`, of a date. */
export function longDay(date: string): string {
  const parts = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat('en-GB', parts).format(new Date(`${date}T00:00:00Z`));
}
