import { request } from 'node:http';
import { strToU8, zipSync } from 'fflate';
import { account, instance, listener, loadBalancer, rule, scfFunction } from '../seeds/parts';
import type { WorldListener, WorldLoadBalancer, WorldRule } from '../world/clb';
import type { WorldInstance } from '../world/network';
import type { WorldFunction } from '../world/scf';
import type { AccountWorld, World } from '../world/world';
import type { Address } from './listen-loopback';

/** Test support: the smallest world with one account, built from parts that have sensible defaults. */
export function testWorld(parts: Partial<AccountWorld> = {}): { world: World; account: AccountWorld } {
  const empty = account(
    {
      uin: '100000000001',
      name: 'Test',
      appId: 1250000001,
      secretId: 'AKIDtest',
      secretKey: 'test',
      networkAccountType: 'STANDARD',
    },
    { loadBalancers: [], instances: [], functions: [], zones: [] },
  );
  const made: AccountWorld = { ...empty, ...parts };
  const world: World = {
    format: 2,
    seed: 'test',
    nextId: 1,
    authority: null,
    accounts: { [made.uin]: made },
  };
  return { world, account: made };
}

export function testBalancer(parts: Partial<WorldLoadBalancer> & { id: string }): WorldLoadBalancer {
  const plain = { name: parts.id, region: 'ap-singapore', vips: [], listeners: [], createdAt: 0 };
  return loadBalancer({ ...plain, ...parts });
}

export function testListener(parts: Partial<WorldListener> & { id: string }): WorldListener {
  return listener({ name: parts.id, protocol: 'HTTP', port: 80, createdAt: 0, ...parts });
}

export function testRule(parts: Partial<WorldRule> & { id: string }): WorldRule {
  return rule({ domain: 'shop.example', createdAt: 0, ...parts });
}

export function testInstance(
  parts: Partial<WorldInstance> & { id: string; privateIp: string },
): WorldInstance {
  return instance({ name: parts.id, region: 'ap-singapore', zone: 'ap-singapore-1', ...parts });
}

export function testFunction(parts: Partial<WorldFunction> & { name: string }): WorldFunction {
  const plain = { region: 'ap-singapore', namespace: 'default', runtime: 'Python3.6', zip: '', createdAt: 0 };
  return scfFunction({ ...plain, ...parts });
}

/** Base64 zip of files given as text. */
export function zipOf(files: Record<string, string>): string {
  const bytes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]));
  return Buffer.from(zipSync(bytes)).toString('base64');
}

export type TestAnswer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
};

/** A plain HTTP client that says any Host to any address. */
export function ask(
  address: Address,
  {
    host,
    path = '/',
    method = 'GET',
    headers = {},
    body = '',
  }: {
    host: string;
    path?: string;
    method?: string;
    headers?: Record<string, string>;
    body?: string | Buffer;
  },
): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: address.host,
        port: address.port,
        path,
        method,
        headers: { ...headers, Host: host },
        agent: false,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
