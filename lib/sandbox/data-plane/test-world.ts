import { request } from 'node:http';
import { strToU8, zipSync } from 'fflate';
import type {
  AccountWorld,
  World,
  WorldFunction,
  WorldInstance,
  WorldListener,
  WorldLoadBalancer,
  WorldRule,
} from '../world';
import type { Address } from './listen-loopback';

/** Test support: the smallest world with one account, built from parts that have sensible defaults. */
export function testWorld(parts: Partial<AccountWorld> = {}): { world: World; account: AccountWorld } {
  const account: AccountWorld = {
    uin: '100000000001',
    name: 'Test',
    appId: 1250000001,
    secretId: 'AKIDtest',
    secretKey: 'test',
    networkAccountType: 'STANDARD',
    loadBalancers: {},
    instances: {},
    functions: {},
    zones: {},
    tasks: {},
    ...parts,
  };
  return { world: { format: 1, seed: 'test', nextId: 1, accounts: { [account.uin]: account } }, account };
}

export function testBalancer(parts: Partial<WorldLoadBalancer> & { id: string }): WorldLoadBalancer {
  return {
    name: parts.id,
    region: 'ap-singapore',
    forward: 1,
    type: 'OPEN',
    vpcId: 'vpc-1',
    ipVersion: 'ipv4',
    ipv6Mode: '',
    ipv6: null,
    vips: [],
    domain: null,
    status: 1,
    isolated: false,
    blocked: false,
    createdAt: 0,
    listeners: [],
    ...parts,
  };
}

export function testListener(parts: Partial<WorldListener> & { id: string }): WorldListener {
  return {
    name: parts.id,
    protocol: 'HTTP',
    port: 80,
    certificateId: null,
    createdAt: 0,
    rules: [],
    targets: [],
    ...parts,
  };
}

export function testRule(parts: Partial<WorldRule> & { id: string }): WorldRule {
  return {
    domain: 'shop.example',
    url: '/',
    isDefault: false,
    scheduler: 'WRR',
    quic: false,
    targetType: 'NODE',
    redirectTo: null,
    createdAt: 0,
    targets: [],
    functions: [],
    ...parts,
  };
}

export function testInstance(
  parts: Partial<WorldInstance> & { id: string; privateIp: string },
): WorldInstance {
  return {
    name: parts.id,
    region: 'ap-singapore',
    zone: 'ap-singapore-1',
    vpcId: 'vpc-1',
    state: 'RUNNING',
    ...parts,
  };
}

export function testFunction(parts: Partial<WorldFunction> & { name: string }): WorldFunction {
  return {
    region: 'ap-singapore',
    namespace: 'default',
    type: 'Event',
    runtime: 'Python3.6',
    handler: 'index.main_handler',
    description: '',
    memoryMb: 128,
    timeoutS: 3,
    environment: {},
    status: 'Active',
    settlesAt: null,
    createdAt: 0,
    modifiedAt: 0,
    zip: '',
    versions: [],
    ...parts,
  };
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
