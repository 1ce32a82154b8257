import { randomUUID } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import type { TrafficLog } from '../telemetry/traffic-log';
import type { Assumptions } from '../world/assumptions';
import type { Invoker } from '../world/invoker';
import type { World } from '../world/world';
import { handleRequest, type RequestContext } from './handle-request';
import type { ClientConnection } from './http/choose-target';
import { sendErrorPage } from './http/error-page';
import { type ClientRequest, type ClientResponse, Exchange } from './http/exchange';
import type { RuleMemory } from './http/served-rule';
import { readSite, type Site, type SiteKey, servedSites, siteName } from './http/site';
import type { Tunnel } from './http/upgrade';
import {
  type Address,
  type AddressMode,
  findAddressMode,
  listenLoopback,
  lowPortOffset,
} from './listen-loopback';
import { httpSiteServer, httpsSiteServer, isClientTrusted, type SiteServer } from './site-server';
import { createTargetServers } from './target-servers';
import type { KeyPair } from './tls/authority';
import { createSiteTls } from './tls/site-tls';

/** A listener's port in the API, and the address that really serves it. */
export type ServedAddress = {
  readonly loadBalancerId: string;
  readonly vip: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly host: string;
  readonly realPort: number;
};

export type DataPlane = {
  /** Added to ports below 1024 of VIPs and instances: 0 where this process may bind them. */
  readonly portOffset: number;
  /** The mode in which VIPs are served: each at its own address, or all at 127.0.0.1. */
  readonly mode: AddressMode;
  /** Returns the address that really serves a VIP's port; known even when nothing is open there. */
  address(vip: string, port: number): Address;
  /** Returns every port that is open now. */
  addresses(): ServedAddress[];
  /** Resolves when the open ports match every change of the sandbox data so far. */
  settled(): Promise<void>;
  /** Closes every port and connection. */
  stop(): Promise<void>;
};

export type DataPlaneOptions = {
  readonly world: () => World;
  /** Calls the listener after each change of the sandbox data; returns a function that unsubscribes it. */
  readonly onChange: (listener: () => void) => () => void;
  /** CIDR, as `127.80.0.0/16`: a VIP outside it is not served. */
  readonly vipNetwork: string;
  readonly invoker: Invoker;
  readonly assumptions: Assumptions;
  readonly traffic: TrafficLog;
  /** Signs the certificates of HTTPS listeners. */
  readonly authority: KeyPair;
  readonly log: Logger;
  readonly now?: () => number;
  /** Called for each request that reached a server that is down. */
  readonly onInstanceDown?: RequestContext['onInstanceDown'];
  /** The addresses at which ports are opened; detected from the system unless given. */
  readonly mode?: AddressMode;
  /** Overrides every rule's own timeout. */
  readonly readTimeoutMs?: number;
};

type Open = SiteServer & {
  readonly key: SiteKey;
  state: 'opening' | 'open' | 'refused';
  address: Address | null;
  reason: string;
  /** The site as read at this version of the sandbox data. */
  site: Site | null;
  version: number;
};

/**
 * Serves the HTTP and HTTPS listeners of every load balancer at its VIPs, and follows the sandbox data as it changes. A
 * port that can't be opened is logged and tried again at the next change.
 */
export async function startDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  const { world, vipNetwork, log, traffic, authority, assumptions, invoker } = options;
  const now = options.now ?? Date.now;
  const mode = options.mode ?? (await findAddressMode(vipNetwork));
  const portOffset = await lowPortOffset();
  const realPort = (port: number) => (port < 1024 ? port + portOffset : port);
  const targets = createTargetServers({ log, portOffset, mode, authority, now });
  const tls = createSiteTls(authority, log);
  const memories = new Map<string, RuleMemory>();
  const connections = new WeakMap<object, ClientConnection>();
  const open = new Map<string, Open>();
  let version = 0;
  let stopped = false;

  const context: RequestContext = {
    targets,
    invoker,
    assumptions,
    now,
    requestId: randomUUID,
    readTimeoutMs: options.readTimeoutMs ?? null,
    realPort: (port) => (mode === 'each' ? realPort(port) : port),
    onInstanceDown: options.onInstanceDown ?? (() => {}),
    log,
  };

  function getRuleMemory(name: string): RuleMemory {
    const known = memories.get(name) ?? { credits: new Map(), underway: new Map() };
    memories.set(name, known);
    return known;
  }

  function getConnection(exchange: Exchange): ClientConnection {
    const known = connections.get(exchange.connection);
    if (known !== undefined) return known;
    const made: ClientConnection = { requests: 0, last: null };
    connections.set(exchange.connection, made);
    return made;
  }

  /** Returns the site from the current sandbox data, read again only after a change. */
  function current(entry: Open): Site | null {
    if (entry.version !== version) {
      entry.site = readSite(world(), entry.key, getRuleMemory);
      entry.version = version;
    }
    return entry.site;
  }

  function answer(entry: Open, request: ClientRequest, response: ClientResponse, tunnel?: Tunnel): void {
    const start = performance.now();
    const at = now();
    const site = current(entry);
    // A kept-alive connection of a listener that was deleted.
    if (site === null) {
      response.destroy();
      return;
    }
    const exchange = new Exchange(request, response, (over) => record(entry.key, over, at, start), tunnel);
    const connection = getConnection(exchange);
    connection.requests += 1;
    const { keepaliveTimeoutS, keepaliveRequests } = site.config;
    if (keepaliveTimeoutS === 0 || connection.requests >= keepaliveRequests) exchange.closeAfter();
    const { socket } = request;
    if (entry.key.asksClients && socket instanceof TLSSocket && !isClientTrusted(site, socket)) {
      sendErrorPage(exchange, assumptions.get('http.noClientCertificate'));
      return;
    }
    const failed = (error: unknown) => {
      log.error({ err: error, listener: site.listener.id }, 'the data plane failed to answer a request');
      sendErrorPage(exchange, 500);
    };
    try {
      handleRequest(site, exchange, connection, context)?.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  function record(key: SiteKey, exchange: Exchange, at: number, start: number): void {
    const { trace, answered } = exchange;
    traffic.record({
      at,
      uin: key.uin,
      loadBalancerId: key.loadBalancerId,
      vip: key.vip,
      port: key.port,
      protocol: key.protocol,
      rule: trace.rule && { id: trace.rule.id, domain: trace.rule.domain, url: trace.rule.url },
      backend: trace.backend,
      // 499 as in https://www.tencentcloud.com/document/product/214/32427: the client disconnected first.
      status: answered ? exchange.status : 499,
      madeByLoadBalancer: trace.own && answered,
      durationMs: performance.now() - start,
      backendMs: trace.backendMs,
      bytesIn: exchange.bytesIn,
      bytesOut: exchange.bytesOut,
    });
  }

  function getSiteServer(key: SiteKey, entry: () => Open): SiteServer {
    const { uin, vip, port, protocol } = key;
    const parts = {
      site: () => current(entry()),
      onRequest: (request: ClientRequest, response: ClientResponse, tunnel?: Tunnel) =>
        answer(entry(), request, response, tunnel),
      onConnection: (change: 'opened' | 'closed') =>
        traffic.recordConnection({ at: now(), uin, vip, port, protocol, change }),
    };
    return protocol === 'HTTP' ? httpSiteServer(parts) : httpsSiteServer(parts, tls, key.asksClients);
  }

  async function openSite(key: SiteKey, before: Open | undefined): Promise<void> {
    const server = getSiteServer(key, () => entry);
    const entry: Open = {
      ...server,
      key,
      state: 'opening',
      address: null,
      reason: '',
      site: null,
      version: -1,
    };
    open.set(siteName(key), entry);
    const site = current(entry);
    if (site !== null) await entry.update(site);
    const listening = await listenLoopback(server.server, key.vip, realPort(key.port), mode);
    if (listening.kind === 'open') {
      entry.state = 'open';
      entry.address = listening.address;
      return;
    }
    entry.state = 'refused';
    entry.reason = listening.reason;
    if (before?.reason !== listening.reason) {
      log.warn(
        { loadBalancer: key.loadBalancerId, vip: key.vip, port: key.port },
        `VIP not open: ${listening.reason}`,
      );
    }
  }

  async function reconcile(): Promise<void> {
    if (stopped) return;
    const wanted = new Map(servedSites(world(), vipNetwork).map((key) => [siteName(key), key]));
    for (const [name, entry] of open) {
      if (wanted.has(name)) continue;
      open.delete(name);
      entry.close();
    }
    targets.prune(world());
    await Promise.all(
      [...wanted].map(async ([name, key]) => {
        const entry = open.get(name);
        if (entry?.state !== 'open') return openSite(key, entry);
        const site = current(entry);
        if (site !== null) await entry.update(site);
      }),
    );
  }

  let work = reconcile();
  let queued = false;
  const unsubscribe = options.onChange(() => {
    version += 1;
    if (queued) return;
    queued = true;
    work = work.then(() => {
      queued = false;
      return reconcile();
    });
  });
  await work;

  return {
    portOffset,
    mode,
    address: (vip, port) =>
      [...open.values()].find(({ key }) => key.vip === vip && key.port === port)?.address ?? {
        host: vip,
        port: realPort(port),
      },
    addresses: () =>
      [...open.values()].flatMap(({ key, address }) => {
        if (address === null) return [];
        const { loadBalancerId, vip, port, protocol } = key;
        return [{ loadBalancerId, vip, port, protocol, host: address.host, realPort: address.port }];
      }),
    settled: () => work,
    async stop() {
      stopped = true;
      unsubscribe();
      await work;
      for (const entry of open.values()) {
        entry.close();
        entry.closeAll();
      }
      open.clear();
      await targets.stop();
    },
  };
}
