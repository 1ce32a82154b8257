import { routes } from '@/lib/routes';
import type { Answer } from './actions';
import { sendJson } from './send-json';

/* What starts or ends the browser's session. The response sets the cookie. */

export const sendSignIn = (input: { email: string; password: string }): Answer<null> =>
  sendJson('POST', routes.api.signIn(), JSON.stringify(input));

export const sendSetUp = (input: {
  token: string;
  name: string;
  email: string;
  password: string;
}): Answer<null> => sendJson('POST', routes.api.setUp(), JSON.stringify(input));

export const sendSignOut = (): Answer<null> => sendJson('POST', routes.api.signOut(), '{}');

/**
 * Returns the page to open after a sign-in. It is part of an address that anybody can make, so it must be a page of this
 * dashboard. Browsers read `//host` as another site, and `/.//host` resolves to that.
 */
export function pageAfterSignIn(next: string | null): string {
  if (next === null || !URL.canParse(next, location.origin)) return routes.overview();
  const { origin, pathname, search, hash } = new URL(next, location.origin);
  if (origin !== location.origin || pathname.startsWith('//')) return routes.overview();
  return `${pathname}${search}${hash}`;
}
