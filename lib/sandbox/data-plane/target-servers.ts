import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Logger } from 'pino';
import { Pool } from 'undici';
import type { WorldInstance } from '../world/network';
import type { World } from '../world/world';
import { type Address, type AddressMode, listenLoopback } from './listen-loopback';
import { issueServerCertificate, type KeyPair } from './tls/authority';

/** The upstream for one port of an instance: connections that are kept alive and reused. */
export type Upstream = { readonly pool: Pool; readonly ip: string; readonly port: number };

/** An address of an instance. */
export type ServerAddress = {
  readonly instance: WorldInstance;
  /** One of its private addresses. */
  readonly ip: string;
};

/** The web servers of the sandbox's instances, each on its instance's own loopback addresses. */
export type TargetServers = {
  /**
   * Returns the upstream of an instance's port, opened on first use; null while it doesn't respond (stopped, down). If
   * another program has the instance's address and port, that program acts as the instance.
   */
  dial(address: ServerAddress, port: number, tls: boolean): Upstream | null | Promise<Upstream | null>;
  /** Closes the servers of instances that are stopped, down, deleted, or replaced by another object. */
  prune(world: World): void;
  stop(): Promise<void>;
};

type TargetServer = Server | TlsServer;

/** One port of an instance, from its first use on. */
type Entry = ServerAddress & {
  /** The real port that it needs. */
  readonly port: number;
  server: TargetServer | null;
  upstream: Upstream | null;
  opening: Promise<Upstream | null>;
  closed: boolean;
};

export type TargetServersOptions = {
  readonly log: Logger;
  /** Added to ports below 1024, as for VIPs. */
  readonly portOffset: number;
  readonly mode: AddressMode;
  readonly authority: KeyPair;
  readonly now: () => number;
};

/** The idle timeout of a connection; longer than the load balancer keeps its side, so that it never breaks. */
const keptMs = 60_000;
const connectionsMax = 512;
const yearMs = 365 * 86_400_000;

export function createTargetServers(options: TargetServersOptions): TargetServers {
  const { log, portOffset, mode, authority, now } = options;
  const entries = new Map<string, Entry>();
  const closing: Promise<void>[] = [];
  let certificate: Promise<KeyPair> | null = null;

  async function getServer({ instance, ip }: ServerAddress, tls: boolean): Promise<TargetServer> {
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      answerAsInstance(instance, ip, request, response);
    if (!tls) return createServer(answer);
    const at = Date.now();
    certificate ??= issueServerCertificate(authority, {
      name: 'server of the sandbox',
      names: ['server.sandbox'],
      validFrom: at - yearMs,
      validTo: at + 10 * yearMs,
    });
    const { certificate: cert, key } = await certificate;
    return createTlsServer({ cert, key }, answer);
  }

  async function listen(server: TargetServer, { instance, ip, port }: Entry): Promise<Address | null> {
    // TLS and plain on one port: rules may need both, so the second gets another port.
    const isOurs = [...entries.values()].some(
      (other) => other.server !== server && other.ip === ip && other.port === port,
    );
    const listening = await listenLoopback(server, ip, isOurs ? 0 : port, mode);
    if (listening.kind === 'open') return listening.address;
    if (listening.kind === 'inUse') {
      log.info({ instance: instance.id, port }, `instance ${instance.id} is another program on its address`);
      return { host: ip, port };
    }
    log.warn({ instance: instance.id, port }, `instance ${instance.id} doesn't answer: ${listening.reason}`);
    return null;
  }

  async function connect(key: string, entry: Entry, port: number, tls: boolean): Promise<Upstream | null> {
    const server = await getServer(entry, tls);
    server.keepAliveTimeout = 2 * keptMs;
    entry.server = server;
    const address = await listen(server, entry);
    if (address === null || entry.closed) {
      // The next request tries again.
      close(key, entry);
      return null;
    }
    const pool = new Pool(`${tls ? 'https' : 'http'}://${address.host}:${address.port}`, {
      connections: connectionsMax,
      pipelining: 1,
      keepAliveTimeout: keptMs,
      // As proxy_connect_timeout: https://www.tencentcloud.com/document/product/214/32427
      connect: { timeout: 4000, rejectUnauthorized: false },
    });
    entry.upstream = { pool, ip: entry.ip, port };
    return entry.upstream;
  }

  function open(key: string, at: ServerAddress, port: number, tls: boolean): Promise<Upstream | null> {
    const real = port < 1024 ? port + portOffset : port;
    const none = Promise.resolve(null);
    const entry: Entry = { ...at, port: real, server: null, upstream: null, opening: none, closed: false };
    entries.set(key, entry);
    entry.opening = connect(key, entry, port, tls);
    return entry.opening;
  }

  function close(key: string, entry: Entry): void {
    if (entries.get(key) === entry) entries.delete(key);
    entry.closed = true;
    entry.server?.close();
    entry.server?.closeAllConnections();
    if (entry.upstream !== null) closing.push(entry.upstream.pool.destroy());
  }

  const answers = (instance: WorldInstance) =>
    instance.state === 'RUNNING' && (instance.downSince === null || instance.downSince > now());

  return {
    dial({ instance, ip }, port, tls) {
      if (!answers(instance)) return null;
      const key = `${ip}:${port}${tls ? '/tls' : ''}`;
      const entry = entries.get(key);
      if (entry?.instance === instance) return entry.upstream ?? entry.opening;
      if (entry !== undefined) close(key, entry);
      return open(key, { instance, ip }, port, tls);
    },
    prune(world) {
      const accounts = Object.values(world.accounts);
      for (const [key, entry] of entries) {
        const { instance } = entry;
        const isCurrent = accounts.some((account) => account.instances[instance.id] === instance);
        if (!isCurrent || !answers(instance)) close(key, entry);
      }
    },
    async stop() {
      for (const [key, entry] of entries) close(key, entry);
      await Promise.all(closing);
    },
  };
}

/** The response of a sandbox instance's web server: which instance it is, and the request that it received. */
export type InstanceAnswer = {
  readonly instanceId: string;
  readonly name: string;
  readonly zone: string;
  /** The private address that answered. */
  readonly address: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly bodyBytes: number;
};

/** Reads the request to its end, then responds with JSON to a client that accepts it, otherwise with a small page. */
function answerAsInstance(
  instance: WorldInstance,
  ip: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    answer(instance, ip, request, response, 0);
    return;
  }
  let bodyBytes = 0;
  request.on('data', (chunk: Buffer) => {
    bodyBytes += chunk.length;
  });
  request.on('end', () => answer(instance, ip, request, response, bodyBytes));
}

function answer(
  instance: WorldInstance,
  ip: string,
  request: IncomingMessage,
  response: ServerResponse,
  bodyBytes: number,
): void {
  const json = request.headers.accept?.includes('application/json') ?? false;
  const body = json
    ? `${JSON.stringify(instanceAnswer(instance, ip, request, bodyBytes))}\n`
    : page(instance, ip, request);
  response.writeHead(200, [
    'Content-Type',
    json ? 'application/json' : 'text/html; charset=utf-8',
    'Content-Length',
    String(Buffer.byteLength(body)),
    'X-Instance-Id',
    instance.id,
  ]);
  response.end(body);
}

function instanceAnswer(
  instance: WorldInstance,
  ip: string,
  request: IncomingMessage,
  bodyBytes: number,
): InstanceAnswer {
  return {
    instanceId: instance.id,
    name: instance.name,
    zone: instance.zone,
    address: ip,
    host: request.headers.host ?? '',
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    bodyBytes,
  };
}

function page(
  { name, id, zone }: WorldInstance,
  ip: string,
  { method, headers, url }: IncomingMessage,
): string {
  const title = escapeHtml(`${name} (${id})`);
  const asked = escapeHtml(`${method} ${headers.host ?? ''}${url}`);
  return `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1><p>${escapeHtml(`${zone} ${ip}`)}</p><p>${asked}</p></body></html>\n`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
