/** The cookies in which a browser keeps its choices, so that the server renders pages as the browser shows them. */
export const cookieNames = { zone: 'spillway-zone', connection: 'spillway-connection' } as const;

/**
 * A year, in seconds: browsers keep no cookie much longer (https://developer.chrome.com/blog/cookie-max-age-expires).
 */
const keptS = 31_536_000;

/** Returns what sets a cookie through `document.cookie`; an empty value removes it. */
export function formatCookie(name: keyof typeof cookieNames, value: string): string {
  const age = value === '' ? 0 : keptS;
  return `${cookieNames[name]}=${encodeURIComponent(value)}; Path=/; Max-Age=${age}; SameSite=Lax`;
}

/** The time zone of a browser: the one that its user has chosen for all times, or its own. */
export type BrowserZone = { readonly zone: string; readonly isChosen: boolean };

/** A zone of the browser's own has this before its name. */
const ownMark = '~';

/** Returns the value of the zone's cookie. */
export function formatZoneCookie({ zone, isChosen }: BrowserZone): string {
  return isChosen ? zone : `${ownMark}${zone}`;
}

/** Reads the value of the zone's cookie, which may be anything; null = it names no time zone. */
export function parseZoneCookie(value: string | undefined): BrowserZone | null {
  if (!value || value.length > 80) return null;
  const isChosen = !value.startsWith(ownMark);
  const name = isChosen ? value : value.slice(ownMark.length);
  try {
    return { zone: new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone, isChosen };
  } catch {
    return null;
  }
}
