import { routes } from './routes';

/**
 * Returns the page to open after a sign-in. It is part of an address that anybody can make, so it must be a page of this
 * dashboard. Browsers read `//host` as another site, and `/.//host` resolves to that.
 * @param next as the address names it; null = the overview
 * @param origin that of the dashboard
 */
export function getNextPage(next: string | null, origin: string): string {
  if (next === null || !URL.canParse(next, origin)) return routes.overview();
  const { origin: own, pathname, search, hash } = new URL(next, origin);
  if (own !== origin || pathname.startsWith('//')) return routes.overview();
  return `${pathname}${search}${hash}`;
}
