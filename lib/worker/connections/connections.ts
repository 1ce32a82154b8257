import { z } from 'zod';
import { CloudConnection } from '@/lib/cloud/connection';
import type { Settings } from '@/lib/settings';

/** The JSON line that the sandbox prints when it is ready. */
const SandboxLine = z.object({
  api: z.url(),
  dns: z.string(),
  /** The caching resolver. */
  resolver: z.string(),
  vipNetwork: z.string(),
  portOffset: z.number().int(),
  addressMode: z.enum(['each', 'shared']),
  control: z.object({ url: z.url(), token: z.string() }).nullable(),
  /** The CA certificate of its HTTPS listeners. */
  authority: z.string(),
  isolation: z.enum(['jail', 'user', 'weak']),
  accounts: z.array(
    z.object({ uin: z.string(), name: z.string(), secretId: z.string(), secretKey: z.string() }),
  ),
});

/** The sandbox that a worker runs with. */
export type SandboxFacts = z.infer<typeof SandboxLine>;

/** Returns the facts about the sandbox. @param line the sandbox's JSON line; undefined if no sandbox runs */
export function readSandboxLine(line: string | undefined): SandboxFacts | null {
  return line === undefined ? null : SandboxLine.parse(JSON.parse(line));
}

/** The regions of the sandbox's seeds. */
const sandboxRegions = ['ap-guangzhou', 'ap-jakarta', 'ap-singapore'];

/** An account that this worker has keys for. */
export type WorkerConnection = {
  readonly connection: CloudConnection;
  /** The sandbox's isolation of function code from this machine; null for a real account. */
  readonly isolation: SandboxFacts['isolation'] | null;
};

type SandboxAccount = Pick<CloudConnection, 'secretId' | 'secretKey'> & {
  readonly id: string;
  readonly name: string;
  readonly regions: readonly string[];
};

function sandboxConnection(
  { id, name, regions, secretId, secretKey }: SandboxAccount,
  sandbox: SandboxFacts,
): WorkerConnection {
  return {
    isolation: sandbox.isolation,
    connection: CloudConnection.parse({
      id,
      name,
      kind: 'sandbox',
      endpoint: sandbox.api,
      regions,
      secretId,
      secretKey,
      dns: sandbox.dns,
      resolvers: [sandbox.resolver],
      vipNetwork: sandbox.vipNetwork,
      portOffset: sandbox.portOffset,
      addresses: sandbox.addressMode === 'shared' ? sandbox.control : null,
      authority: sandbox.authority,
    }),
  };
}

function sandboxConnections(sandbox: SandboxFacts): WorkerConnection[] {
  return sandbox.accounts.map(({ name, secretId, secretKey }) =>
    sandboxConnection({ id: `sandbox-${name}`, name, regions: sandboxRegions, secretId, secretKey }, sandbox),
  );
}

type RealAccount = Pick<CloudConnection, 'secretId' | 'secretKey'> & {
  readonly id: string;
  readonly name: string;
  readonly token?: string | undefined;
  readonly expiresAt?: string | undefined;
  readonly regions: readonly string[];
  readonly site: CloudConnection['site'];
  readonly language: CloudConnection['language'];
};

function realConnection({ token, ...account }: RealAccount): WorkerConnection {
  return {
    isolation: null,
    connection: CloudConnection.parse({
      kind: 'tencent',
      endpoint: null,
      dns: null,
      portOffset: 0,
      ...account,
      ...(token === undefined ? {} : { token }),
    }),
  };
}

function realConnections(settings: Settings): WorkerConnection[] {
  const { TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey } = settings;
  const {
    TENCENTCLOUD_REGIONS: regions,
    TENCENTCLOUD_SITE: site,
    TENCENTCLOUD_LANGUAGE: language,
    TENCENTCLOUD_TOKEN: token,
    TENCENTCLOUD_TOKEN_EXPIRES: expiresAt,
    TENCENTCLOUD_ACCOUNTS: further = [],
  } = settings;
  const first =
    secretId === undefined || secretKey === undefined
      ? []
      : [
          realConnection({
            id: 'tencent',
            name: 'Tencent Cloud',
            secretId,
            secretKey,
            token,
            expiresAt,
            regions,
            site,
            language,
          }),
        ];
  const others = further.map(({ name, ...account }) => {
    const { regions: ownRegions = regions, site: ownSite = site, language: ownLanguage = language } = account;
    const own = { regions: ownRegions, site: ownSite, language: ownLanguage };
    return realConnection({ ...account, ...own, id: `tencent-${name}`, name });
  });
  return [...first, ...others];
}

/**
 * Returns the accounts that this worker may use, with their keys, only from its environment.
 * @param sandbox null if no sandbox runs
 */
export function createConnections(
  settings: Settings,
  sandbox: SandboxFacts | null,
): readonly WorkerConnection[] {
  return [...(sandbox === null ? [] : sandboxConnections(sandbox)), ...realConnections(settings)];
}

/**
 * Returns a connection that a person has added. It has no address of its own: a real account is at the cloud's hosts, and
 * one of the sandbox at those of this machine's sandbox.
 * @param account with the key that signs reads
 */
export function addedConnection(
  account: SandboxAccount & Pick<RealAccount, 'site'>,
  kind: CloudConnection['kind'],
  sandbox: SandboxFacts | null,
): WorkerConnection {
  return kind === 'sandbox' && sandbox !== null
    ? sandboxConnection(account, sandbox)
    : realConnection({ ...account, language: 'en-US' });
}
