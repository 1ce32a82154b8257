import 'server-only';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from 'jose';
import type { Configuration } from 'openid-client';
import { z } from 'zod';
import type { OidcSettings } from '@/lib/oidc-settings';
import { createProviderFetch, SKEW_S } from './provider';
import { SsoProblem } from './sso-problem';

/* The token with which a provider ends sessions: https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation */

/** A logout that the provider has sent: of one of a person's sessions, of all, or of a session without its person. */
export type Logout = {
  readonly issuer: string;
  readonly subject: string | null;
  readonly sid: string | null;
};

/** A verified token. */
export type LogoutToken = Logout & {
  /** Its id, which the provider uses once. */
  readonly tokenId: string;
  /** From then on, it is too old to be accepted. */
  readonly expiresAt: Date;
};

/** A token may be as old, in s, whatever its own end, which should be 2 minutes after its beginning: so its id is kept for a limited time. */
const AGE_MAX_S = 600;

/** Signatures that only the provider can make. `none` and an HMAC, for which a public key would do, are not among them. */
const signatures: ReadonlySet<string> = new Set([
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]);

const eventName = 'http://schemas.openid.net/event/backchannel-logout';
const Id = z.string().min(1).max(1000);
const Claims = z
  .object({
    // A token for several recipients could be one that another of them has received.
    aud: z.union([z.string(), z.array(z.string()).length(1)]),
    sub: Id.optional(),
    sid: Id.optional(),
    jti: Id,
    iat: z.number(),
    events: z.object({ [eventName]: z.record(z.string(), z.unknown()) }),
    // An ID token has one, and must not end anything.
    nonce: z.undefined().optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined, 'sub or sid is needed');

/** The types of such a token: its own, and those of providers that name none of their own. */
const types: ReadonlySet<string> = new Set(['logout+jwt', 'application/logout+jwt', 'jwt']);

/** The keys of a provider, for as long as its configuration is kept. They are read again if a key is unknown, every 30 s at most. */
const keySets = new WeakMap<Configuration, RemoteJWKSet>();

function openKeys(config: Configuration, oidc: OidcSettings): RemoteJWKSet {
  const address = config.serverMetadata().jwks_uri;
  if (address === undefined) throw new SsoProblem('sso.misconfigured', 'the provider names no jwks_uri');
  const known = keySets.get(config);
  if (known !== undefined) return known;
  const send = createProviderFetch(oidc);
  const keys = createRemoteJWKSet(new URL(address), {
    [customFetch]: (url, { headers, ...options }) =>
      send(url, { ...options, body: undefined, headers: Object.fromEntries(headers) }),
  });
  keySets.set(config, keys);
  return keys;
}

async function verifySignature(
  config: Configuration,
  oidc: OidcSettings,
  token: string,
): Promise<JWTPayload> {
  const supported = config.serverMetadata().id_token_signing_alg_values_supported ?? ['RS256'];
  try {
    const { payload, protectedHeader } = await jwtVerify(token, openKeys(config, oidc), {
      algorithms: supported.filter((name) => signatures.has(name)),
      issuer: config.serverMetadata().issuer,
      audience: oidc.clientId,
      clockTolerance: SKEW_S,
      maxTokenAge: AGE_MAX_S,
      requiredClaims: ['exp'],
    });
    const { typ = 'jwt' } = protectedHeader;
    if (types.has(typ.toLowerCase())) return payload;
    throw new SsoProblem('sso.logoutInvalid', `typ is ${typ}`);
  } catch (error) {
    if (error instanceof SsoProblem) throw error;
    const isTimeout = error instanceof errors.JWKSTimeout;
    const reason = error instanceof Error ? error.message : 'unknown';
    // `fetch` throws a TypeError if there is no connection.
    if (isTimeout || reason === 'fetch failed') throw new SsoProblem('sso.unreachable', reason);
    throw new SsoProblem('sso.logoutInvalid', reason);
  }
}

/**
 * Verifies a logout token: signature, issuer, audience, times, that it is a logout and no ID token, and that it names whom it
 * ends. It does not tell whether the token was used already.
 * @throws SsoProblem
 */
export async function verifyLogoutToken(
  config: Configuration,
  oidc: OidcSettings,
  token: string,
): Promise<LogoutToken> {
  const claims = Claims.safeParse(await verifySignature(config, oidc, token));
  if (!claims.success) {
    const wrong = claims.error.issues.map(({ path, message }) => path.join('.') || message);
    throw new SsoProblem('sso.logoutInvalid', `wrong or missing: ${wrong.join(', ')}`);
  }
  const { sub, sid, jti, iat } = claims.data;
  return {
    issuer: oidc.issuer,
    subject: sub ?? null,
    sid: sid ?? null,
    tokenId: jti,
    expiresAt: new Date((iat + AGE_MAX_S + 2 * SKEW_S) * 1000),
  };
}
