import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Invoker } from '../functions/invoker';
import type { World } from '../world/world';
import { KEEP_ALIVE_MS, KEEP_ALIVE_REQUESTS, READ_TIMEOUT_MS, UNPRIVILEGED_PORT_OFFSET } from './assumptions';
import { sendErrorPage } from './error-page';
import { handleRequest, type RequestContext, type Site } from './handle-request';
import { type Address, listenLoopback, mayBindLowPorts } from './listen-loopback';
import { findSite, type SiteKey, servedSites, siteName } from './sites';
import { createTargetServers } from './target-servers';
import type { Credits } from './wrr';

export type DataPlane = {
  /** Added to ports below 1024 of VIPs and instances: 0 where this process may bind them. */
  readonly portOffset: number;
  /** The address that really answers for a VIP's port; known even when nothing is open there. */
  address(vip: string, port: number): Address;
  /** Resolves when the open ports agree with every change of the world so far. */
  settled(): Promise<void>;
  /** Closes every port and connection. */
  stop(): Promise<void>;
};

export type DataPlaneOptions = {
  readonly world: () => World;
  /** Calls the listener after each change of the world; returns how to end that. */
  readonly onChange: (listener: () => void) => () => void;
  /** CIDR, as `127.80.0.0/16`: a VIP outside of it is not served. */
  readonly vipNetwork: string;
  readonly invoker: Invoker;
  readonly log: Logger;
  readonly now?: () => number;
  readonly readTimeoutMs?: number;
};

type Open = {
  readonly server: Server;
  state: 'opening' | 'open' | 'refused';
  address: Address | null;
  reason: string;
};

/**
 * Serves the HTTP listeners of every load balancer at its VIPs, and follows the world as it changes.
 * A port that can't be opened is logged and tried again at the next change.
 */
export async function startDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  const { world, vipNetwork, log, invoker } = options;
  const portOffset = (await mayBindLowPorts()) ? 0 : UNPRIVILEGED_PORT_OFFSET;
  const realPort = (port: number) => (port < 1024 ? port + portOffset : port);
  const targets = createTargetServers({ log, portOffset });
  const credits = new Map<string, Credits>();
  const open = new Map<string, Open>();
  let stopped = false;

  const context: RequestContext = {
    targets,
    invoker,
    credits: (ruleId) => {
      const known = credits.get(ruleId) ?? new Map();
      credits.set(ruleId, known);
      return known;
    },
    now: options.now ?? Date.now,
    requestId: randomUUID,
    readTimeoutMs: options.readTimeoutMs ?? READ_TIMEOUT_MS,
    log,
  };

  async function answer(key: SiteKey, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const site: Site | null = findSite(world(), key);
    // A kept connection of a listener that is gone.
    if (site === null) {
      response.destroy();
      return;
    }
    try {
      await handleRequest(site, request, response, context);
    } catch (error) {
      log.error({ err: error, listener: site.listener.id }, 'the data plane failed to answer a request');
      sendErrorPage(response, 500);
    }
  }

  function close(name: string, { server }: Open): void {
    open.delete(name);
    server.close();
    server.closeIdleConnections();
  }

  async function openSite(key: SiteKey, before: Open | undefined): Promise<void> {
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      void answer(key, request, response);
    });
    server.maxRequestsPerSocket = KEEP_ALIVE_REQUESTS;
    const entry: Open = { server, state: 'opening', address: null, reason: '' };
    open.set(siteName(key), entry);
    const listening = await listenLoopback(server, key.vip, realPort(key.port));
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
    for (const [name, entry] of open) if (!wanted.has(name)) close(name, entry);
    targets.prune(world());
    await Promise.all(
      [...wanted].map(async ([name, key]) => {
        const entry = open.get(name);
        if (entry?.state !== 'open') await openSite(key, entry);
      }),
    );
  }

  let work = reconcile();
  let queued = false;
  const unsubscribe = options.onChange(() => {
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
    address: (vip, port) =>
      [...open].find(([name]) => name.startsWith(`${vip}:${port}/`))?.[1].address ?? {
        host: vip,
        port: realPort(port),
      },
    settled: () => work,
    async stop() {
      stopped = true;
      unsubscribe();
      await work;
      for (const [name, entry] of open) {
        close(name, entry);
        entry.server.closeAllConnections();
      }
      targets.stop();
    },
  };
}
