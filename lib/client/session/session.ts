import type { AuthenticationResponseJSON } from '@simplewebauthn/browser';
import type { Answer } from '@/lib/contract/answer';
import { getNextPage } from '@/lib/next-page';
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

/** Sends a change of the password, with a code or a passkey if the person has a second factor or a passkey. */
export const sendPasswordChange = (input: {
  current: string;
  password: string;
  code: string | null;
  revokeTokens: boolean;
  passkey?: AuthenticationResponseJSON;
}): Answer<null> => sendJson('POST', sessionPath('password'), JSON.stringify(input));

/** Sends a sign-out. */
export const sendSignOut = (): Answer<null> => sendJson('POST', sessionPath('sign-out'), '{}');

/** Returns the page to open after a sign-in in this browser (`getNextPage`). */
export const pageAfterSignIn = (next: string | null): string => getNextPage(next, location.origin);

/** Returns the address that leads to the provider of single sign-on. */
export const ssoPath = (purpose: 'signIn' | 'confirm', next: string | null): string =>
  `/api/session/sso?${new URLSearchParams({ purpose, ...(next === null ? {} : { next }) })}`;
