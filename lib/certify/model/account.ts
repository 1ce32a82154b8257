import http from 'node:http';
import https from 'node:https';
import { CommonClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js';
import { z } from 'zod';
import { endpointHost } from '@/lib/cloud/tencent/call/endpoint-host';

/** The API version of each product that a probe calls. */
const versions = {
  clb: '2018-03-17',
  scf: '2018-04-16',
  dnspod: '2021-03-23',
  monitor: '2018-07-24',
  sts: '2018-08-13',
  vpc: '2017-03-12',
} as const;
export type Product = keyof typeof versions;
const withoutRegions: ReadonlySet<Product> = new Set(['dnspod', 'sts']);

type Accepted = { readonly ok: true; readonly requestId: string; readonly body: unknown };
export type Refused = {
  readonly ok: false;
  readonly requestId: string | null;
  readonly code: string;
  readonly message: string;
};
/** The outcome of one API call: the unparsed response, or the cloud's refusal with its code. */
export type AccountAnswer = Accepted | Refused;

/** Calls one account in one region. */
export interface Account {
  readonly region: string;
  /** Sends one call and repeats it only while the cloud throttles it. */
  call(product: Product, action: string, params: object): Promise<AccountAnswer>;
  /** Sends one call exactly once, so that the caller sees throttling. */
  callOnce(product: Product, action: string, params: object): Promise<AccountAnswer>;
}

/** The settings that distinguish one account from another. */
export type AccountOptions = Parameters<typeof endpointHost>[0] & {
  /** null = the cloud's own hosts, by product, region and site. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly secretId: string;
  readonly secretKey: string;
  readonly token?: string | undefined;
};

const throttled = /^RequestLimitExceeded(\.|$)/;
const attemptsMax = 6;
const pauseMs = 300;

export const waitMs = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Returns callers of one account over the official SDK, without its response types: probes examine what is actually in
 * the response.
 */
export function openAccount(options: AccountOptions): Account {
  const endpoint = options.endpoint === null ? null : new URL(options.endpoint);
  const Agent = endpoint?.protocol === 'http:' ? http.Agent : https.Agent;
  // Passing our own agent keeps the SDK from sending loopback calls through `http_proxy`.
  const agent = new Agent({ keepAlive: false });
  const clients = new Map<Product, CommonClient>();
  const getClient = (product: Product): CommonClient => {
    const known = clients.get(product);
    if (known) return known;
    const region = withoutRegions.has(product) ? null : options.region;
    const host = endpoint?.host ?? endpointHost(options, product, region);
    const client = new CommonClient(host, versions[product], {
      credential: {
        secretId: options.secretId,
        secretKey: options.secretKey,
        ...(options.token === undefined ? {} : { token: options.token }),
      },
      region: options.region,
      profile: {
        language: 'en-US',
        httpProfile: { agent, reqTimeout: 60, protocol: `${endpoint?.protocol ?? 'https:'}//` },
      },
    });
    clients.set(product, client);
    return client;
  };

  async function callOnce(product: Product, action: string, params: object): Promise<AccountAnswer> {
    try {
      const body: unknown = await getClient(product).request(action, params);
      return { ok: true, requestId: z.object({ RequestId: z.string() }).parse(body).RequestId, body };
    } catch (error) {
      const refusal = Refusal.safeParse(error);
      if (!refusal.success) throw new Error(`${product} ${action}: ${describe(error)}`, { cause: error });
      const { code, message, requestId } = refusal.data;
      return { ok: false, requestId: requestId ?? null, code, message };
    }
  }

  return {
    region: options.region,
    callOnce,
    async call(product, action, params) {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await callOnce(product, action, params);
        if (answer.ok || !throttled.test(answer.code) || attempt >= attemptsMax) return answer;
        await waitMs(pauseMs * attempt);
      }
    },
  };
}

/** The error that the SDK throws for a refusal; a network failure has no request id and no cloud error code. */
const Refusal = z.object({ code: z.string().min(1), message: z.string(), requestId: z.string().min(1) });

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Returns the response of a call that must succeed, parsed by `shape`.
 * @throws Error with product, action, code and request id when the cloud refused it
 */
export async function must<T>(
  account: Account,
  product: Product,
  action: string,
  params: object,
  shape: z.ZodType<T>,
): Promise<T & { readonly requestId: string }> {
  const answer = await account.call(product, action, params);
  if (!answer.ok) {
    throw new Error(`${action} was refused: ${answer.code}: ${answer.message} (request ${answer.requestId})`);
  }
  return { ...shape.parse(answer.body), requestId: answer.requestId };
}
