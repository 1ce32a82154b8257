import type { AuthenticationResponseJSON } from '@simplewebauthn/browser';
import { routes } from '@/lib/routes';
import type { Answer } from '../actions';
import { sendJson } from '../send-json';

/* What starts or ends the browser's session. The response sets the cookie. */

/** Returns the address of a verb of the session. They are not in `routes`, which every page loads at first. */
export function sessionPath(
  verb: 'sign-in' | 'sign-out' | 'set-up' | 'password' | 'passkey' | 'passkey-challenge' | 'reauthenticate',
): string {
  return `/api/session/${verb}`;
}

/** `code`: of the second factor; empty until the server asks for it with an error of that field. */
export const sendSignIn = (input: { email: string; password: string; code: string }): Answer<null> =>
  sendJson('POST', sessionPath('sign-in'), JSON.stringify(input));

export const sendSetUp = (input: {
  token: string;
  name: string;
  email: string;
  password: string;
}): Answer<null> => sendJson('POST', sessionPath('set-up'), JSON.stringify(input));

/** One of them: the password or a code, as the server asked for, or a passkey if the person has one. */
export const sendReauthentication = (input: {
  password: string | null;
  code: string | null;
  passkey?: AuthenticationResponseJSON;
}): Answer<null> => sendJson('POST', sessionPath('reauthenticate'), JSON.stringify(input));

export const sendPasswordChange = (input: { current: string; password: string }): Answer<null> =>
  sendJson('POST', sessionPath('password'), JSON.stringify(input));

export const sendSignOut = (): Answer<null> => sendJson('POST', sessionPath('sign-out'), '{}');

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
