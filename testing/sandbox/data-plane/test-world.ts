import { type Agent, request } from 'node:http';
import { connect, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2';
import { request as requestTls } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { strToU8, zipSync } from 'fflate';
import type { Address } from '@/lib/sandbox/data-plane/listen-loopback';
import { account, instance, listener, loadBalancer, scfFunction, seedRule } from '@/lib/sandbox/seeds/parts';
import type { WorldCustomConfig, WorldListener, WorldLoadBalancer, WorldRule } from '@/lib/sandbox/world/clb';
import type { WorldInstance } from '@/lib/sandbox/world/network';
import type { WorldFunction } from '@/lib/sandbox/world/scf';
import { type AccountWorld, type World, worldFormat } from '@/lib/sandbox/world/world';

/** Test support: the smallest sandbox data with one account, built from parts with defaults. */
export function testWorld(parts: Partial<AccountWorld> = {}): { world: World; account: AccountWorld } {
  const empty = account(
    {
      uin: '100000000001',
      name: 'Test',
      appId: 1250000001,
      networkAccountType: 'STANDARD',
    },
    { loadBalancers: [], instances: [], functions: [], zones: [] },
  );
  const made: AccountWorld = { ...empty, ...parts };
  const world: World = {
    format: worldFormat,
    seed: 'test',
    nextId: 1,
    accounts: { [made.uin]: made },
  };
  return { world, account: made };
}

export function testBalancer(parts: Partial<WorldLoadBalancer> & { id: string }): WorldLoadBalancer {
  const plain = { name: parts.id, region: 'ap-singapore', vips: [], listeners: [], createdAt: 0 };
  return loadBalancer({ ...plain, ...parts });
}

export function worldListener(parts: Partial<WorldListener> & { id: string }): WorldListener {
  return listener({ name: parts.id, protocol: 'HTTP', port: 80, createdAt: 0, ...parts });
}

export function worldRule(parts: Partial<WorldRule> & { id: string }): WorldRule {
  return seedRule({ domain: 'shop.example', createdAt: 0, ...parts });
}

export function worldInstance(
  parts: Partial<WorldInstance> & { id: string; privateIp: string },
): WorldInstance {
  return instance({ name: parts.id, region: 'ap-singapore', zone: 'ap-singapore-1', ...parts });
}

export function worldFunction(parts: Partial<WorldFunction> & { name: string }): WorldFunction {
  const plain = { region: 'ap-singapore', namespace: 'default', runtime: 'Python3.6', zip: '', createdAt: 0 };
  return scfFunction({ ...plain, ...parts });
}

/** Creates a base64 zip of files given as text. */
export function zipTestFiles(files: Record<string, string>): string {
  const bytes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]));
  return Buffer.from(zipSync(bytes)).toString('base64');
}

export type TestAnswer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  bytes: Buffer;
};

export type TestRequest = {
  host: string;
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Keeps the connection alive; otherwise each request has its own. */
  agent?: Agent;
  /** Uses TLS: the trusted certificates, the server name (the host by default), and the client certificate. */
  tls?: ConnectionOptions;
};

/** Sends a plain HTTP request with any Host to any address. */
export function requestPage(address: Address, asked: TestRequest): Promise<TestAnswer> {
  const { host, path = '/', method = 'GET', headers = {}, body = '', agent = false, tls } = asked;
  return new Promise((resolve, reject) => {
    const options = { ...address, path, method, headers: { ...headers, Host: host }, agent };
    const outgoing =
      tls === undefined
        ? request(options)
        : requestTls({ servername: host.replace(/:\d+$/, ''), ...options, ...tls });
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const { headers: answered, statusCode: status = 0 } = incoming;
        resolve({ status, headers: answered, bytes, body: bytes.toString('utf8') });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends one request over HTTP/2. */
export function requestHttp2(address: Address, asked: TestRequest): Promise<TestAnswer> {
  const { host, path = '/', method = 'GET', headers = {}, body = '', tls } = asked;
  return new Promise((resolve, reject) => {
    const session = connect(`https://${host}`, {
      ALPNProtocols: ['h2'],
      servername: host,
      ...tls,
      host: address.host,
      port: address.port,
    });
    session.on('error', reject);
    const stream = session.request({ ...headers, ':method': method, ':path': path, ':authority': host });
    let answered: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
    stream.on('response', (response) => {
      answered = response;
    });
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => {
      session.close();
      const bytes = Buffer.concat(chunks);
      const { ':status': status = 0 } = answered;
      resolve({ status, headers: answered, bytes, body: bytes.toString('utf8') });
    });
    // A GET ends with its headers.
    if (body.length > 0) stream.end(body);
  });
}

/** Creates a custom configuration that is bound to the whole of `lb-1`. */
export function worldCustomConfig(content: string): WorldCustomConfig {
  return {
    id: 'pz-1',
    name: '',
    region: 'ap-singapore',
    kind: 'CLB',
    content,
    createdAt: 0,
    modifiedAt: 0,
    tags: {},
    bindings: [{ loadBalancerId: 'lb-1', listenerId: null, domain: null, ruleId: null }],
  };
}
