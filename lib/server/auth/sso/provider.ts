import 'server-only';
import { readFile } from 'node:fs/promises';
import {
  allowInsecureRequests,
  type ClientMetadata,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  type CustomFetch,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
} from 'openid-client';
import type { OidcSettings } from '@/lib/oidc-settings';
import { SsoProblem, toSsoProblem } from './sso-problem';

/**
 * The accepted difference between our clock and the provider's, in s, for every time in a token. OpenID Connect Core names
 * none; it is the default of `openid-client`, and between the bounds of FAPI 2.0: at least 10 s and at most 60 s
 * (https://openid.net/specs/fapi-security-profile-2_0.html#section-5.3.2.1).
 */
export const SKEW_S = 30;
const clientMetadata: Partial<ClientMetadata> = { [clockTolerance]: SKEW_S };
/** For how long a person waits for each answer of the provider, in s. */
const TIMEOUT_S = 10;
/** Configurations, keys and tokens are far smaller. */
const bytesMax = 1_000_000;
/** The configuration of a provider is read again after an hour: its keys and addresses may change. */
const keepMs = 3_600_000;

/**
 * Creates the only way in which single sign-on sends requests: to the hosts of the provider, over HTTPS except on this
 * machine, without redirects, and up to a size.
 */
export function createProviderFetch({ hosts }: OidcSettings): CustomFetch {
  return async (address, { body, ...options }) => {
    const { host } = new URL(address);
    if (!hosts.includes(host))
      throw new SsoProblem(
        'sso.misconfigured',
        `${host} is not a host of the provider (SPILLWAY_OIDC_HOSTS)`,
      );
    const response = await fetch(address, {
      ...options,
      body: body instanceof Uint8Array ? new Uint8Array(body) : (body ?? null),
      redirect: 'manual',
    });
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > bytesMax)
        throw new SsoProblem('sso.misconfigured', `${host} answers with more than ${bytesMax} bytes`);
      chunks.push(chunk);
    }
    const { status, headers } = response;
    return new Response(bytes === 0 ? null : Buffer.concat(chunks), { status, headers });
  };
}

async function readSecret({ secret }: OidcSettings): Promise<string> {
  if ('text' in secret) return secret.text;
  try {
    return (await readFile(secret.file, 'utf8')).trim();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SsoProblem('sso.misconfigured', `SPILLWAY_OIDC_CLIENT_SECRET_FILE can't be read: ${reason}`);
  }
}

async function discover(oidc: OidcSettings): Promise<Configuration> {
  try {
    const issuer = new URL(oidc.issuer);
    const secret = await readSecret(oidc);
    const found = await discovery(issuer, oidc.clientId, clientMetadata, ClientSecretBasic(secret), {
      [customFetch]: createProviderFetch(oidc),
      timeout: TIMEOUT_S,
      execute: [
        // The signature of ID tokens is checked with the provider's keys, although they come over TLS.
        enableNonRepudiationChecks,
        ...(issuer.protocol === 'http:' ? [allowInsecureRequests] : []),
      ],
    });
    const methods = found.serverMetadata().token_endpoint_auth_methods_supported;
    if (methods === undefined || methods.includes('client_secret_basic')) return found;
    // https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
    const posting = new Configuration(
      found.serverMetadata(),
      oidc.clientId,
      clientMetadata,
      ClientSecretPost(secret),
    );
    posting[customFetch] = createProviderFetch(oidc);
    posting.timeout = TIMEOUT_S;
    enableNonRepudiationChecks(posting);
    if (issuer.protocol === 'http:') allowInsecureRequests(posting);
    return posting;
  } catch (error) {
    throw toSsoProblem(error, 'discovery');
  }
}

/** On `globalThis`, because Next may load this module more than once in a process. */
const holder: typeof globalThis & {
  spillwaySsoProvider?: {
    readonly key: string;
    readonly until: number;
    readonly found: Promise<Configuration>;
  };
} = globalThis;

/**
 * Returns the configuration of the provider, read from its issuer at first use and every hour.
 * @throws SsoProblem if it can't be read; the next sign-in tries again
 */
export function openProvider(oidc: OidcSettings): Promise<Configuration> {
  const key = JSON.stringify(oidc);
  const known = holder.spillwaySsoProvider;
  if (known !== undefined && known.key === key && known.until > Date.now()) return known.found;
  const found = discover(oidc);
  holder.spillwaySsoProvider = { key, until: Date.now() + keepMs, found };
  found.catch(() => {
    if (holder.spillwaySsoProvider?.found === found) delete holder.spillwaySsoProvider;
  });
  return found;
}
