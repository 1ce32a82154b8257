import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Provider, { type ClientMetadata } from 'oidc-provider';

/** A person at the provider. */
export type ProviderPerson = {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly groups?: readonly string[];
};

export const providerClient = { id: 'spillway', secret: 'a secret of the client for tests alone' };

/**
 * Starts a real OpenID provider (https://github.com/panva/node-oidc-provider) on this machine, whose login page asks for a
 * name alone. It leads back to a dashboard on any port of this machine (RFC 8252, 7.3).
 * @param people by subject; tests may change them
 */
export async function startTestProvider(people: Map<string, ProviderPerson>) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const client: ClientMetadata = {
    client_id: providerClient.id,
    client_secret: providerClient.secret,
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/api/session/sso/callback'],
    backchannel_logout_uri: 'http://127.0.0.1/api/session/sso/logout',
    backchannel_logout_session_required: true,
  };
  const provider = new Provider(issuer, {
    clients: [client],
    jwks: {
      keys: [{ ...privateKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'test', use: 'sig', alg: 'RS256' }],
    },
    cookies: { keys: ['a key of tests'] },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    // By default, it sends nothing to this machine.
    fetch: (url, options) => fetch(url, Object.assign(options ?? {}, { dispatcher: undefined })),
    interactions: { url: (_context, { uid }) => `/login/${uid}` },
    findAccount: (_context, subject) => ({
      accountId: subject,
      claims: () => ({
        sub: subject,
        ...people.get(subject),
        groups: [...(people.get(subject)?.groups ?? [])],
      }),
    }),
    // No one is asked whether Spillway may read their name.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        ...(oidc.session?.accountId === undefined ? {} : { accountId: oidc.session.accountId }),
        clientId: providerClient.id,
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const handle = provider.callback();

  async function login(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') {
      const form = new URLSearchParams(await text(request));
      if (form.has('cancel')) {
        await provider.interactionFinished(request, response, { error: 'access_denied' });
        return;
      }
      const accountId = form.get('name') ?? '';
      await provider.interactionFinished(request, response, { login: { accountId } });
      return;
    }
    const { prompt } = await provider.interactionDetails(request, response);
    // Clients on a port of this machine need a consent each time (RFC 8252, 8.6).
    if (prompt.name === 'consent') {
      await provider.interactionFinished(
        request,
        response,
        { consent: {} },
        { mergeWithLastSubmission: true },
      );
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end(
      '<!doctype html><html lang="en"><title>Provider</title><form method="post"><label>Name <input name="name"></label><button>Log in</button><button name="cancel" value="yes">Cancel</button></form></html>',
    );
  }

  server.on('request', (request, response) => {
    if (request.url?.startsWith('/login/')) void login(request, response);
    else void handle(request, response);
  });

  const logoutOutcomes: string[] = [];
  provider.on('backchannel.success', () => logoutOutcomes.push('accepted'));
  provider.on('backchannel.error', (_context, error) => logoutOutcomes.push(error.message));

  /**
   * Logs out like a browser. The provider then sends a logout to the dashboard.
   * @param cookies those of the browser at the provider
   * @param origin that of the dashboard
   * @returns the outcome, `accepted` or an error
   */
  async function logOut(cookies: ReadonlyMap<string, string>, origin: string): Promise<string | undefined> {
    const found = await provider.Client.find(providerClient.id);
    Object.assign(found ?? {}, { backchannelLogoutUri: `${origin}/api/session/sso/logout` });
    const Cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const page = await fetch(`${issuer}/session/end`, { headers: { Cookie } });
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(await page.text()) ?? [];
    await fetch(`${issuer}/session/end/confirm`, {
      method: 'POST',
      redirect: 'manual',
      headers: { Cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ xsrf, logout: 'yes' }).toString(),
    });
    return logoutOutcomes.pop();
  }

  /**
   * Logs in like a browser that the dashboard has led to the provider.
   * @param cookies those of the browser at the provider; absent = a new browser
   * @returns the address at the dashboard to which it is led back
   */
  async function visit(address: string, subject: string, cookies = new Map<string, string>()): Promise<URL> {
    let next = new URL(address);
    let body: string | null = null;
    for (;;) {
      const response: Response = await fetch(next, {
        method: body === null ? 'GET' : 'POST',
        body,
        redirect: 'manual',
        headers: {
          Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body === null ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
        },
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      const location = response.headers.get('location');
      if (location === null) {
        if (body !== null || response.status !== 200)
          throw new Error(`${next.pathname}: ${await response.text()}`);
        body = new URLSearchParams({ name: subject }).toString();
        continue;
      }
      body = null;
      next = new URL(location, next);
      if (next.origin !== issuer) return next;
    }
  }

  return {
    issuer,
    people,
    visit,
    logOut,
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
