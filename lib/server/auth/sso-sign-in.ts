import { buildAuthorizationUrl } from 'openid-client';
import { z } from 'zod';
import type { Answer } from '@/lib/contract/answer';
import { getNextPage } from '@/lib/next-page';
import { getOidcSettings } from '@/lib/oidc-settings';
import { describeGrants } from '@/lib/policy/access';
import { ok } from '@/lib/result';
import { requestCaller } from '@/lib/server/request-actor';
import { isSsoPerson } from '@/lib/server/sso-link';
import { verb } from '@/lib/server/verb';
import { publicUrl, type Settings } from '@/lib/settings';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';
import { findFormer } from './find-former';
import type { Redirect } from './redirect-route';
import { beginAttempt } from './sign-in-limits';
import { startSession } from './sign-in-person';
import { readSsoIdentity } from './sso/identity';
import { endIfLoggedOut } from './sso/logouts';
import { openProvider } from './sso/provider';
import { findLinked, resolveSsoPerson } from './sso/sso-person';
import { SsoProblem } from './sso/sso-problem';
import { createSsoRequest, removeSsoCookie, takeSsoRequest } from './sso/sso-requests';

/** The end of a confirmation. It is not in `routes`, which every page loads at first. */
const confirmedPage = '/confirmed';

/** The address at the dashboard to which the provider redirects the browser. It is registered there. */
const callbackUrl = (settings: Settings) => `${publicUrl(settings)}/api/session/sso/callback`;

/**
 * Refuses a sign-in at the provider.
 * @param nextPage the page that the person has asked for, which the sign-in page keeps (`redirectRoute`); null = none
 */
const refuseSso = (key: string, nextPage: string | null) =>
  refuse(key, nextPage === null ? undefined : { next: nextPage });

/**
 * Begins a sign-in at the provider: to sign in, or for the person at the browser to confirm that it is they, for which the
 * provider must ask for their password again.
 */
export const beginSso = verb(
  'session.beginSso',
  z.object({ next: z.string().max(2000).nullable(), purpose: z.enum(['signIn', 'confirm']) }),
  'all',
  async ({ next, purpose }, { name }, note): Answer<Redirect> => {
    const { database, settings } = await serverContext();
    const { db } = database;
    const oidc = getOidcSettings(settings);
    if (oidc === null) return refuse('sso.off');
    const userId = purpose === 'confirm' ? requestCaller()?.session?.userId : null;
    if (userId === undefined) return refuse('session.missing');
    if (userId !== null && !(await isSsoPerson(db, userId))) return refuse('sso.otherPerson');
    const asked = userId === null ? getNextPage(next, publicUrl(settings)) : null;
    try {
      const config = await openProvider(oidc);
      const request = await createSsoRequest(db, { purpose, userId, nextPage: asked ?? confirmedPage });
      const address = buildAuthorizationUrl(config, {
        redirect_uri: callbackUrl(settings),
        scope: oidc.scopes,
        state: request.state,
        nonce: request.nonce,
        code_challenge: request.codeChallenge,
        code_challenge_method: 'S256',
        ...(userId === null ? {} : { prompt: 'login', max_age: '0', login_hint: name }),
      });
      return ok({ address: address.href, cookies: [request.cookie] });
    } catch (error) {
      if (!(error instanceof SsoProblem)) throw error;
      note({ reason: error.reason });
      return refuseSso(error.key, asked);
    }
  },
);

/**
 * Completes a sign-in at the provider: with what it has added to our address, and the cookie of the browser that has begun
 * it. The session starts as after a password.
 */
export const completeSso = verb(
  'session.completeSso',
  z.object({ query: z.string().max(8000) }),
  'all',
  async ({ query }, _actor, note): Answer<Redirect> => {
    const { database, settings } = await serverContext();
    const { db } = database;
    const oidc = getOidcSettings(settings);
    if (oidc === null) return refuse('sso.off');
    const request = await takeSsoRequest(db, requestCaller()?.cookie ?? null);
    const asked = request?.userId === null ? request.nextPage : null;
    if (request === null || request.isExpired) return refuseSso('sso.expired', asked);
    const attempt = await beginAttempt(db, '', 'sso');
    if (!attempt.isAllowed) return refuseSso('sso.tooMany', asked);
    try {
      const config = await openProvider(oidc);
      const address = new URL(`${callbackUrl(settings)}?${query}`);
      const identity = await readSsoIdentity(config, oidc, address, request);
      note({ subject: identity.subject, groups: identity.groups.length });
      if (request.userId !== null) {
        const linked = await findLinked(db, oidc, identity.subject);
        const isSame = linked?.id === request.userId && requestCaller()?.session?.userId === request.userId;
        if (!isSame) return refuse('sso.otherPerson');
      }
      const person = await resolveSsoPerson(db, oidc, identity);
      note({ email: person.email, grants: describeGrants(person.grants) });
      // The provider decides who has an address: what a removed account with it did stays with that account.
      const former = await findFormer(db, person.email);
      if (former !== null) note({ formerAccount: former.id });
      await attempt.succeed();
      const { subject, sid, authenticatedAt } = identity;
      const origin = { issuer: oidc.issuer, subject, sid };
      const { cookies } = await startSession(person, note, authenticatedAt, origin);
      if (await endIfLoggedOut(db, oidc.issuer, identity, request.startedAt))
        return refuseSso('sso.loggedOut', asked);
      return ok({ address: request.nextPage, cookies: [...cookies, removeSsoCookie()] });
    } catch (error) {
      if (!(error instanceof SsoProblem)) throw error;
      note({ reason: error.reason });
      return refuseSso(error.key, asked);
    }
  },
);
