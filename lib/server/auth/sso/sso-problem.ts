import 'server-only';
import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';

/** Thrown if a sign-in at the provider fails, with the key of the text that says what to do. */
export class SsoProblem extends Error {
  override readonly name = 'SsoProblem';
  constructor(
    readonly key: string,
    /** For the audit log. */
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** The codes of the library (https://github.com/panva/oauth4webapi), with what they mean for the person. */
const keys: Readonly<Record<string, string>> = {
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'sso.clock',
  OAUTH_TIMEOUT: 'sso.unreachable',
  OAUTH_ABORT: 'sso.unreachable',
  OAUTH_HTTP_REQUEST_FORBIDDEN: 'sso.misconfigured',
  OAUTH_REQUEST_PROTOCOL_FORBIDDEN: 'sso.misconfigured',
  OAUTH_MISSING_SERVER_METADATA: 'sso.misconfigured',
  OAUTH_INVALID_SERVER_METADATA: 'sso.misconfigured',
};

/** Lists the messages of an error and its causes. */
function listMessages(error: unknown): readonly string[] {
  return error instanceof Error ? [error.message, ...listMessages(error.cause)] : [];
}

/**
 * Converts an error of the library.
 * @param step `discovery`: the provider's configuration could not be read
 */
export function toSsoProblem(error: unknown, step: 'discovery' | 'exchange'): SsoProblem {
  if (error instanceof SsoProblem) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof SsoProblem) return cause;
  const reason = listMessages(error).join(': ') || 'unknown';
  if (error instanceof AuthorizationResponseError)
    return new SsoProblem('sso.denied', `the provider answers ${error.error}`);
  if (error instanceof ResponseBodyError) {
    // The client's id or secret is wrong, or its redirect address is not registered; a used code is `invalid_grant`.
    const key = error.error === 'invalid_grant' ? 'sso.invalid' : 'sso.misconfigured';
    return new SsoProblem(key, `the provider answers ${error.status} ${error.error}`);
  }
  if (error instanceof WWWAuthenticateChallengeError) return new SsoProblem('sso.misconfigured', reason);
  const code = error instanceof ClientError ? error.code : undefined;
  const known = code === undefined ? undefined : keys[code];
  if (known !== undefined) return new SsoProblem(known, reason);
  // `fetch` throws a TypeError if there is no connection (https://fetch.spec.whatwg.org/#fetch-method).
  if (listMessages(error).includes('fetch failed')) return new SsoProblem('sso.unreachable', reason);
  return new SsoProblem(step === 'discovery' ? 'sso.misconfigured' : 'sso.invalid', reason);
}
