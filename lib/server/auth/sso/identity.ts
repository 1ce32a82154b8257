import 'server-only';
import { authorizationCodeGrant, type Configuration, fetchUserInfo } from 'openid-client';
import { z } from 'zod';
import type { OidcSettings } from '@/lib/oidc-settings';
import { SKEW_S } from './provider';
import { SsoProblem, toSsoProblem } from './sso-problem';
import type { SsoRequest } from './sso-requests';

/** A person as the provider describes them. */
export type SsoIdentity = {
  /** Their id at the provider, which is never given to someone else. */
  readonly subject: string;
  /** The id of their session at the provider, by which it ends sessions; null = it names none. */
  readonly sid: string | null;
  /** In lower case; null = the provider names none, or has not verified it. */
  readonly email: { readonly address: string; readonly isVerified: boolean } | null;
  readonly name: string | null;
  readonly groups: readonly string[];
  /** When they last proved there who they are (`auth_time`); null = the provider doesn't say. */
  readonly authenticatedAt: Date | null;
};

const Claims = z.object({
  email: z.string().trim().toLowerCase().max(254).pipe(z.email()).nullish().catch(null),
  email_verified: z.unknown().optional(),
  name: z.string().trim().min(1).max(80).nullish().catch(null),
});
/** A list, or one group alone, as some providers send it. */
const Groups = z
  .union([z.array(z.string()), z.string().transform((group) => [group])])
  .catch([])
  .default([]);

/**
 * Exchanges the code in the address to which the provider has led the browser, and checks everything: the state, the
 * issuer, PKCE, and the ID token with its signature, audience, nonce and times.
 * @throws SsoProblem
 */
export async function readSsoIdentity(
  config: Configuration,
  oidc: OidcSettings,
  address: URL,
  request: SsoRequest,
): Promise<SsoIdentity> {
  try {
    const tokens = await authorizationCodeGrant(config, address, {
      pkceCodeVerifier: request.codeVerifier,
      expectedState: request.state,
      expectedNonce: request.nonce,
      idTokenExpected: true,
    });
    const token = tokens.claims();
    if (token === undefined) throw new SsoProblem('sso.invalid', 'there is no ID token');
    // An empty subject would be the same person for everyone without one.
    if (token.sub === '') throw new SsoProblem('sso.invalid', 'the subject is empty');
    // The library checks `exp` and `nbf`. A token from the future was not made for this sign-in (OpenID Connect Core, 3.1.3.7).
    const nowS = Date.now() / 1000;
    if (token.iat > nowS + SKEW_S) throw new SsoProblem('sso.clock', `iat is ${token.iat} at ${nowS}`);
    const { auth_time: authTime } = token;
    if (authTime !== undefined && authTime > nowS + SKEW_S)
      throw new SsoProblem('sso.clock', `auth_time is ${authTime} at ${nowS}`);
    if (request.purpose === 'confirm') {
      const startedS = request.startedAt.getTime() / 1000;
      if (authTime === undefined || authTime < startedS - SKEW_S)
        throw new SsoProblem('sso.notFresh', `auth_time is ${authTime ?? 'missing'}`);
    }
    // Providers may have e-mail address and groups in either place. The library compares the subjects.
    const hasMore = config.serverMetadata().userinfo_endpoint !== undefined;
    const isComplete = token.email !== undefined && token[oidc.groupsClaim] !== undefined;
    const more: Readonly<Record<string, unknown>> =
      hasMore && !isComplete ? await fetchUserInfo(config, tokens.access_token, token.sub) : {};
    const all: Readonly<Record<string, unknown>> = { ...more, ...token };
    // An address is verified by the place that names it: that another one has verified is no answer about this one.
    const both = more.email === token.email ? all : token;
    const { email, email_verified } = Claims.parse(token.email === undefined ? more : both);
    const { name } = Claims.parse(all);
    return {
      subject: token.sub,
      sid: typeof token.sid === 'string' && token.sid !== '' ? token.sid : null,
      email: email ? { address: email, isVerified: email_verified === true } : null,
      name: name ?? null,
      groups: Groups.parse(all[oidc.groupsClaim]),
      authenticatedAt: authTime === undefined ? null : new Date(Math.min(authTime, nowS) * 1000),
    };
  } catch (error) {
    throw toSsoProblem(error, 'exchange');
  }
}
