import type { WebAuthnError } from '@simplewebauthn/browser';
import type { ActionError, Answer } from '@/lib/contract/answer';
import type { AddPasskeyAction, BeginPasskeyAction, PasskeyChallenge } from '@/lib/contract/session';
import { err, ok, type Result } from '@/lib/result';
import { checkAnswer } from '../check-answer';
import { sendJson } from '../send-json';
import { sendPasswordChange, sendReauthentication, sessionPath } from './session';

/* Passkeys in the browser. The library that speaks to it is loaded when a person presses a button. */

type WebAuthn = typeof import('@simplewebauthn/browser');

/** The reasons why a browser makes or uses no passkey, by the name of its error (https://www.w3.org/TR/webauthn-3/#sctn-api). */
const reasons: Readonly<Record<string, string>> = {
  // The person, or the time limit: browsers don't say which.
  NotAllowedError: 'passkey.cancelled',
  AbortError: 'passkey.cancelled',
  InvalidStateError: 'passkey.exists',
  ConstraintError: 'passkey.unsupported',
  NotSupportedError: 'passkey.unsupported',
};

const refuseHere = (message: string, values?: Readonly<Record<string, string>>): Result<never, ActionError> =>
  err({ fields: {}, form: values ? { message, values } : { message } });

async function askBrowser<T>(ask: (webAuthn: WebAuthn) => Promise<T>): Promise<Result<T, ActionError>> {
  const webAuthn = await import('@simplewebauthn/browser');
  if (!webAuthn.browserSupportsWebAuthn()) return refuseHere('passkey.unsupported');
  try {
    return ok(await ask(webAuthn));
  } catch (error) {
    const { name, message }: Pick<WebAuthnError, 'name' | 'message'> =
      error instanceof Error ? error : new Error(String(error));
    const reason = reasons[name];
    return reason === undefined ? refuseHere('passkey.failed', { reason: message }) : refuseHere(reason);
  }
}

async function signChallenge(purpose: 'signIn' | 'confirm') {
  const path = sessionPath('passkey-challenge');
  const asked = await checkAnswer(sendJson<PasskeyChallenge>('POST', path, JSON.stringify({ purpose })));
  if (!asked.ok) return asked;
  const { options: optionsJSON } = asked.value;
  return askBrowser(({ startAuthentication }) => startAuthentication({ optionsJSON }));
}

/** Signs in with a passkey that the person chooses. */
export async function sendPasskeySignIn(): Answer<null> {
  const signed = await signChallenge('signIn');
  return signed.ok ? sendJson('POST', sessionPath('passkey'), JSON.stringify(signed.value)) : signed;
}

/** Confirms with one of the person's passkeys that it is they. */
export async function confirmWithPasskey(): Answer<null> {
  const signed = await signChallenge('confirm');
  return signed.ok ? sendReauthentication({ password: null, code: null, passkey: signed.value }) : signed;
}

/** Changes the password, confirmed with one of the person's passkeys. */
export async function changePasswordWithPasskey(input: {
  current: string;
  password: string;
  revokeTokens: boolean;
}): Answer<null> {
  const signed = await signChallenge('confirm');
  return signed.ok ? sendPasswordChange({ ...input, code: null, passkey: signed.value }) : signed;
}

/** Makes a passkey in the browser or on a security key, and adds it to the person's account. */
export async function makePasskey(
  name: string,
  { beginPasskey, addPasskey }: { beginPasskey: BeginPasskeyAction; addPasskey: AddPasskeyAction },
): Answer<null> {
  const begun = await checkAnswer(beginPasskey({}));
  if (!begun.ok) return begun;
  const { options: optionsJSON } = begun.value;
  const made = await askBrowser(({ startRegistration }) => startRegistration({ optionsJSON }));
  return made.ok ? addPasskey({ name, credential: made.value }) : made;
}
