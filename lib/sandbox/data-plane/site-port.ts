import { TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import type { TrafficLog } from '../telemetry/traffic-log';
import type { World } from '../world/world';
import { handleRequest, type RequestContext } from './handle-request';
import type { ClientConnection } from './http/choose-target';
import { sendErrorPage } from './http/error-page';
import { type ClientRequest, type ClientResponse, Exchange } from './http/exchange';
import type { RuleMemory } from './http/served-rule';
import { readSite, type Site, type SiteKey } from './http/site';
import type { Tunnel } from './http/upgrade';
import { type Address, type AddressMode, listenLoopback } from './listen-loopback';
import { httpSiteServer, httpsSiteServer, isClientTrusted, type SiteServer } from './site-server';
import type { SiteTls } from './tls/site-tls';

/** The parts of the data plane that its ports share. */
export type SitePortParts = {
  readonly world: () => World;
  /** Returns a number that changes with the sandbox data. */
  readonly version: () => number;
  /** Returns the state kept for a rule. */
  readonly getRuleMemory: (name: string) => RuleMemory;
  /** Each client connection of the data plane, by its socket or HTTP/2 session. */
  readonly connections: WeakMap<object, ClientConnection>;
  readonly context: RequestContext;
  readonly tls: SiteTls;
  readonly traffic: TrafficLog;
  readonly log: Logger;
};

/** One listener at one VIP: its server, and the requests that arrive there. */
export class SitePort {
  readonly key: SiteKey;
  readonly #parts: SitePortParts;
  readonly #server: SiteServer;
  #site: Site | null = null;
  /** The version of the sandbox data that the site was read from. */
  #version = -1;
  #address: Address | null = null;
  #refusal = '';

  constructor(key: SiteKey, parts: SitePortParts) {
    this.key = key;
    this.#parts = parts;
    this.#server = this.#createServer();
  }

  /** The address that really serves the port; null while it isn't open. */
  get address(): Address | null {
    return this.#address;
  }

  /** The reason why the port was not opened; empty if it is open. */
  get refusal(): string {
    return this.#refusal;
  }

  /**
   * Opens the port. A refusal is logged, unless the attempt before this one failed for the same reason.
   * @param before the port that made that attempt
   */
  async open(realPort: number, mode: AddressMode, before: SitePort | undefined): Promise<void> {
    await this.update();
    const { loadBalancerId, vip, port } = this.key;
    const listening = await listenLoopback(this.#server.server, vip, realPort, mode);
    if (listening.kind === 'open') {
      this.#address = listening.address;
      return;
    }
    this.#refusal = listening.reason;
    if (before?.refusal === listening.reason) return;
    this.#parts.log.warn({ loadBalancer: loadBalancerId, vip, port }, `VIP not open: ${listening.reason}`);
  }

  /** Applies the current settings of connections and certificates. */
  async update(): Promise<void> {
    const site = this.#current();
    if (site !== null) await this.#server.update(site);
  }

  /** Stops accepting connections; idle ones are closed, the others after their response. */
  close(): void {
    this.#server.close();
  }

  /** Closes every connection. */
  closeAll(): void {
    this.#server.closeAll();
  }

  #createServer(): SiteServer {
    const { traffic, context, tls } = this.#parts;
    const { uin, vip, port, protocol, asksClients } = this.key;
    const options = {
      site: () => this.#current(),
      onRequest: (request: ClientRequest, response: ClientResponse, tunnel?: Tunnel) =>
        this.#answer(request, response, tunnel),
      onConnection: (change: 'opened' | 'closed') =>
        traffic.recordConnection({ at: context.now(), uin, vip, port, protocol, change }),
    };
    return protocol === 'HTTP' ? httpSiteServer(options) : httpsSiteServer(options, tls, asksClients);
  }

  /** Returns the site from the current sandbox data, read again only after a change; null when it was deleted. */
  #current(): Site | null {
    const { world, version, getRuleMemory } = this.#parts;
    if (this.#version !== version()) {
      this.#site = readSite(world(), this.key, getRuleMemory);
      this.#version = version();
    }
    return this.#site;
  }

  #answer(request: ClientRequest, response: ClientResponse, tunnel?: Tunnel): void {
    const { context, log } = this.#parts;
    const start = performance.now();
    const at = context.now();
    const site = this.#current();
    // A kept-alive connection of a listener that was deleted.
    if (site === null) {
      response.destroy();
      return;
    }
    const exchange = new Exchange(request, response, (over) => this.#record(over, at, start), tunnel);
    const connection = this.#countRequest(exchange, site);
    const { socket } = request;
    if (this.key.asksClients && socket instanceof TLSSocket && !isClientTrusted(site, socket)) {
      sendErrorPage(exchange, context.assumptions.get('http.noClientCertificate'));
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

  /** Counts a request of a connection, and closes the connection after the last one that it may send. */
  #countRequest(exchange: Exchange, site: Site): ClientConnection {
    const { connections } = this.#parts;
    const connection = connections.get(exchange.connection) ?? { requests: 0, last: null };
    connections.set(exchange.connection, connection);
    connection.requests += 1;
    const { keepaliveTimeoutS, keepaliveRequests } = site.config;
    if (keepaliveTimeoutS === 0 || connection.requests >= keepaliveRequests) exchange.closeAfter();
    return connection;
  }

  #record(exchange: Exchange, at: number, start: number): void {
    const { trace, answered } = exchange;
    const { uin, loadBalancerId, vip, port, protocol } = this.key;
    this.#parts.traffic.record({
      at,
      uin,
      loadBalancerId,
      vip,
      port,
      protocol,
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
}
