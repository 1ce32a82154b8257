import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { providerClient } from './test-provider';

/** The key with which a token is signed. `other`: one that the provider doesn't publish. */
type Key = 'own' | 'other' | Uint8Array;

/** Starts an OpenID provider on this machine that answers with whatever a test wants, true or forged. */
export async function startForgingProvider() {
  const own = await generateKeyPair('RS256', { extractable: true });
  const other = await generateKeyPair('RS256', { extractable: true });
  const publicKey = { ...(await exportJWK(own.publicKey)), kid: 'test', use: 'sig', alg: 'RS256' };
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** Its metadata, which a test may change. It names algorithms that nothing may be signed with. */
  const metadata: Record<string, unknown> = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/me`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
  };
  const answers = {
    /** The ID token of the next sign-in. */
    idToken: '',
    userInfo: {},
  };
  const requests: string[] = [];
  /** The nonce of the newest sign-in that a browser has begun. */
  let nonce = '';

  server.on('request', (request: IncomingMessage, response) => {
    const { url = '' } = request;
    requests.push(url);
    const bodies: Readonly<Record<string, object>> = {
      '/.well-known/openid-configuration': metadata,
      '/keys': { keys: [publicKey] },
      '/token': { access_token: 'access', token_type: 'Bearer', id_token: answers.idToken },
      '/me': answers.userInfo,
    };
    const body = bodies[url];
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  });

  /**
   * Signs a token like the provider, or like a forger: with another key, a key of bytes, or without a signature
   * (`alg: none`).
   */
  async function sign(claims: JWTPayload, how: { key?: Key; alg?: string; typ?: string } = {}) {
    const { key = 'own', alg = typeof key === 'string' ? 'RS256' : 'HS256', typ } = how;
    const header = { kid: 'test', alg, ...(typ === undefined ? {} : { typ }) };
    if (alg === 'none') {
      const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
      return `${encode(header)}.${encode(claims)}.`;
    }
    const secret = typeof key === 'string' ? (key === 'own' ? own : other).privateKey : key;
    return new SignJWT(claims).setProtectedHeader(header).sign(secret);
  }

  /** Returns the claims of a true ID token for the newest sign-in, of a person in the group `ops`, issued now. */
  function describeToken(): JWTPayload {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: issuer,
      aud: providerClient.id,
      sub: 'budi-1',
      nonce,
      iat: now,
      exp: now + 300,
      email: 'budi@example.com',
      email_verified: true,
      groups: ['ops'],
    };
  }

  return {
    issuer,
    publicKey,
    metadata,
    answers,
    /** The paths that it was asked for. */
    requests,
    sign,
    describeToken,
    /** Returns the address at the dashboard to which it leads a browser back, whoever that is. */
    visit(address: string): URL {
      const { searchParams } = new URL(address);
      nonce = searchParams.get('nonce') ?? '';
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({ code: 'code', state: searchParams.get('state') ?? '' }).toString();
      return back;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
