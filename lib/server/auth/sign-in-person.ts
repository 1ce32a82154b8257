import 'server-only';
import { eq } from 'drizzle-orm';
import type { AuditFacts } from '@/lib/audit/audit-entry';
import type { ActionError, Answer } from '@/lib/contract/answer';
import type { SessionCookies } from '@/lib/contract/session';
import { users } from '@/lib/db/schema';
import { getOidcSettings } from '@/lib/oidc-settings';
import { mayUseEverywhere, toAccess } from '@/lib/policy/access';
import { ok, type Result } from '@/lib/result';
import { hasPasskey, hasSecondFactor, isSecondFactorRequired } from '@/lib/server/has-second-factor';
import { clientAddressHeader, requestCaller } from '@/lib/server/request-actor';
import { isSsoPerson } from '@/lib/server/sso-link';
import { serverContext } from '@/lib/store/context';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { openAuth } from './auth';
import { rememberBrowser } from './known-browser';
import type { SigningPurpose } from './passkeys/challenges';
import { findPasskey, verifyPasskey } from './passkeys/check-passkey';
import type { SignedChallenge } from './passkeys/credential';
import { acceptCode } from './second-factor';
import { beginAttempt } from './sign-in-limits';
import type { SsoOrigin, StartedSession } from './start-session';

/** A person who may sign in; `email` in lower case. */
type Person = { readonly id: string; readonly email: string };
type NamedPerson = Person & { readonly name: string };

/** Adds facts to the audit entry of a sign-in. */
type Note = (facts: AuditFacts) => void;

/** Returns the caller's headers, as better-auth reads them. */
export function callerHeaders(): Headers {
  const { address, cookie, userAgent } = requestCaller() ?? {};
  const headers = new Headers();
  if (address) headers.set(clientAddressHeader, address);
  if (userAgent) headers.set('user-agent', userAgent);
  if (cookie) headers.set('cookie', cookie);
  return headers;
}

/** Returns the session of the caller's browser; null = it has none. */
async function findSession() {
  return (await (await openAuth()).api.getSession({ headers: callerHeaders() }))?.session ?? null;
}

/**
 * Starts a session in place of the one that the browser had: a session's token never stays the same when a person proves
 * who they are (ASVS 5.0, 7.2.4).
 */
async function replaceSession(
  { email }: Person,
  started: StartedSession,
  note: Note,
): Promise<SessionCookies> {
  const auth = await openAuth();
  const former = await findSession();
  const { response, headers } = await auth.api.startSession({
    body: started,
    headers: callerHeaders(),
    returnHeaders: true,
  });
  note({ session: response.id });
  if (former !== null) await (await auth.$context).internalAdapter.deleteSession(former.token);
  return { cookies: [...headers.getSetCookie(), rememberBrowser(email)] };
}

/**
 * Starts a session for someone who has signed in, and ends the one that their browser had.
 * @param note gets the id of the session, for the audit entry of the sign-in: later entries have it as their credential
 * @param authenticatedAt when they proved who they are; null = it is not known, so that the sign-in is never recent
 * @param sso the session at the provider with which it begins; null = they signed in here
 * @returns the cookies of the session and of the browser, which is known from now on
 */
export function startSession(
  person: Person,
  note: Note,
  authenticatedAt: Date | null,
  sso: SsoOrigin | null = null,
): Promise<SessionCookies> {
  const { issuer = null, subject = null, sid = null } = sso ?? {};
  const origin = { ssoIssuer: issuer, ssoSubject: subject, ssoSid: sid };
  const started = { userId: person.id, createdAt: new Date(), authenticatedAt, ...origin };
  return replaceSession(person, started, note);
}

/**
 * Gives the browser of someone who is signed in a new session that counts as the former one: neither its absolute limit nor,
 * unless they have just confirmed that it is they, the time of their sign-in changes.
 * @param authenticatedAt of a confirmation; undefined = none
 * @returns a refusal with `session.missing` if it has ended
 */
export async function renewSession(
  person: Person,
  note: Note,
  authenticatedAt?: Date,
): Answer<SessionCookies> {
  const former = await findSession();
  if (former === null || former.userId !== person.id) return refuse('session.missing');
  const { createdAt, ssoIssuer = null, ssoSubject = null, ssoSid = null } = former;
  const origin = { ssoIssuer, ssoSubject, ssoSid };
  const proved = authenticatedAt ?? former.authenticatedAt ?? null;
  const started = { userId: person.id, createdAt, authenticatedAt: proved, ...origin };
  return ok(await replaceSession(person, started, note));
}

/**
 * Returns the person with this e-mail address and password; null if there is none, after the same work.
 * @param email in lower case
 */
async function findPerson(email: string, password: string): Promise<NamedPerson | null> {
  const { internalAdapter, password: passwords } = await (await openAuth()).$context;
  const found = await internalAdapter.findUserByEmail(email, { includeAccounts: true });
  const hash = found?.accounts.find(({ providerId }) => providerId === 'credential')?.password;
  if (!found || !hash) {
    await passwords.hash(password);
    return null;
  }
  return (await passwords.verify({ hash, password })) ? found.user : null;
}

/**
 * Finds the person with this e-mail address and password, unless there were too many attempts.
 * @param email in lower case
 * @returns a refusal with `session.tooMany`; null if the address or the password is wrong
 */
export async function checkPerson(
  email: string,
  password: string,
): Promise<Result<NamedPerson | null, ActionError>> {
  const { db } = (await serverContext()).database;
  const attempt = await beginAttempt(db, email, 'password');
  if (!attempt.isAllowed) return refuse('session.tooMany', { seconds: attempt.waitS });
  const person = await findPerson(email, password);
  if (person !== null) await attempt.succeed();
  return ok(person);
}

/**
 * Refuses a password or a passkey of someone who must sign in at the provider: because they are linked to it, or because
 * everyone but administrators must.
 */
export async function checkWay({ id }: Person): Promise<Result<null, ActionError>> {
  const { database, settings } = await serverContext();
  const oidc = getOidcSettings(settings);
  if (oidc === null) return ok(null);
  const { db } = database;
  if (await isSsoPerson(db, id)) return refuse('session.useSso', { name: oidc.name });
  const [user] = await db.select({ grants: users.grants }).from(users).where(eq(users.id, id));
  const isAdministrator = mayUseEverywhere(toAccess(user?.grants ?? []), 'user.invite');
  return oidc.isOnly && !isAdministrator ? refuse('session.ssoOnly', { name: oidc.name }) : ok(null);
}

/**
 * Checks a code of a person's second factor, unless there were too many attempts.
 * @returns a refusal with an error of the field `code`, or with `session.tooMany`
 */
export async function checkCode({ id, email }: Person, code: string): Promise<Result<null, ActionError>> {
  const { db } = (await serverContext()).database;
  const attempt = await beginAttempt(db, email, 'code');
  if (!attempt.isAllowed) return refuse('session.tooMany', { seconds: attempt.waitS });
  const outcome = await acceptCode(db, id, code);
  if (outcome !== 'accepted') return refuseFields({ code: [`code.${outcome}`] });
  await attempt.succeed();
  return ok(null);
}

/** Returns whether a passkey is the second factor that a person needs, so that their password alone is not enough. */
export async function needsPasskey({ id }: Person): Promise<boolean> {
  const { db } = (await serverContext()).database;
  return (await isSecondFactorRequired(db)) && hasPasskey(db, id);
}

/**
 * Checks the signature of a passkey, unless there were too many failures from the same address or known browser.
 * @param note gets the reason of a refusal, for the audit log
 * @returns the owner of the passkey
 */
export async function checkSignature(
  signed: SignedChallenge,
  purpose: SigningPurpose,
  note: Note,
): Promise<Result<Person, ActionError>> {
  const { db } = (await serverContext()).database;
  const found = await findPasskey(db, signed, purpose);
  if (found.ok) note({ email: found.value.person.email, passkey: found.value.passkey.id });
  const attempt = await beginAttempt(db, found.ok ? found.value.person.email : '', 'passkey');
  if (!attempt.isAllowed) return refuse('session.tooMany', { seconds: attempt.waitS });
  if (!found.ok) return found;
  const verified = await verifyPasskey(db, found.value, signed, (reason) => note({ reason }));
  if (!verified.ok) return verified;
  await attempt.succeed();
  return ok(found.value.person);
}

/**
 * Signs a person in with their password and, if they have a second factor, a code. If everyone needs a second factor, whoever
 * has only a passkey signs in with that.
 * @param email in lower case
 * @param code empty: none was entered yet
 */
export async function signInPerson(
  email: string,
  password: string,
  code: string,
  note: Note,
): Answer<SessionCookies> {
  const { db } = (await serverContext()).database;
  const found = await checkPerson(email, password);
  if (!found.ok) return found;
  const person = found.value;
  if (person === null) return refuse('session.wrong');
  const permitted = await checkWay(person);
  if (!permitted.ok) return permitted;
  if (await hasSecondFactor(db, person.id)) {
    if (code === '') return refuseFields({ code: ['code.missing'] });
    const checked = await checkCode(person, code);
    if (!checked.ok) return checked;
  } else if (await needsPasskey(person)) return refuse('passkey.required');
  return ok(await startSession(person, note, new Date()));
}
