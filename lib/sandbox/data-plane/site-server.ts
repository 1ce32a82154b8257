import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls';
import type { ClientRequest, ClientResponse } from './http/exchange';
import type { Site } from './http/site';
import { onUpgrades, type Tunnel } from './http/upgrade';
import type { KeyKind } from './tls/authority';
import { readClientHellos, supportedKeyType } from './tls/client-hello';
import { clientCheck, hasSeveralKinds, offersHttp2, type SiteTls } from './tls/site-tls';

/** The server behind one port of a VIP. */
export type SiteServer = {
  readonly server: Server | Http2SecureServer;
  /** Applies the site's current settings of connections and certificates. */
  update(site: Site): Promise<void>;
  /** Stops accepting connections; idle ones are closed, the others after their response. */
  close(): void;
  /** Closes every connection. */
  closeAll(): void;
};

export type SiteServerOptions = {
  /** Returns the current site; null when it was deleted. */
  readonly site: () => Site | null;
  /** `tunnel`: the client requests WebSocket. */
  readonly onRequest: (request: ClientRequest, response: ClientResponse, tunnel?: Tunnel) => void;
  /** Called when a client's connection was opened or closed. */
  readonly onConnection: (change: 'opened' | 'closed') => void;
};

export function httpSiteServer({ onRequest, onConnection }: SiteServerOptions): SiteServer {
  const server = createServer({ requestTimeout: 0, noDelay: true }, (request, response) =>
    onRequest(request, response),
  );
  const sockets = count(server, onConnection, onRequest);
  return {
    server,
    async update(now) {
      limitConnections(server, now);
    },
    close() {
      server.close();
      server.closeIdleConnections();
    },
    closeAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/**
 * Creates a TLS server with the certificate of the name that the client requests; HTTP/1.1 and, if enabled, HTTP/2 on
 * one port.
 */
export function httpsSiteServer(
  { site, onRequest, onConnection }: SiteServerOptions,
  tls: SiteTls,
  asksClients: boolean,
): SiteServer {
  const sessions = new Set<ServerHttp2Session>();
  // The key kinds that a client in its handshake supports: Node only passes its server name.
  const readable = new AsyncLocalStorage<KeyKind | null>();
  let shown: SecureContextOptions = none;
  const chooseProtocol = ({ servername, protocols }: { servername: string; protocols: string[] }) => {
    const now = site();
    const isHttp2 = now !== null && protocols.includes('h2') && offersHttp2(now, servername);
    return isHttp2 ? 'h2' : protocols.find((protocol) => protocol === 'http/1.1');
  };
  const server = createSecureServer(
    {
      allowHTTP1: true,
      requestCert: asksClients,
      // A client without a valid certificate gets an error response.
      rejectUnauthorized: false,
      SNICallback: (name, done) => {
        const now = site();
        if (now === null) {
          done(new Error('the listener is gone'));
          return;
        }
        tls.optionsFor(now, name, readable.getStore()).then(
          (options) => {
            if (options === null) done(new Error(`no certificate for ${name}`));
            // The server's own context holds certificates of two kinds of key. From a context given here, Node uses
            // only the last certificate (https://github.com/nodejs/node/pull/64700), so it has certificates of only one
            // kind.
            else done(null, options === shown ? undefined : createContext(options));
          },
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        );
      },
      ALPNCallback: chooseProtocol,
    },
    (request, response) => onRequest(request, response),
  );
  const ofSite = {
    isNeeded: () => {
      const now = site();
      return now !== null && hasSeveralKinds(now);
    },
    withinMs: () => (site()?.config.clientHeaderTimeoutS ?? 1) * 1000,
  };
  readClientHellos(server, ofSite, (hello, handshake) => {
    const isTls13 = site()?.config.tlsVersions.includes('TLSv1.3') ?? false;
    readable.run(hello === null ? null : supportedKeyType(hello, isTls13), handshake);
  });
  const sockets = count(server, onConnection, onRequest);
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.setTimeout((site()?.config.keepaliveTimeoutS ?? 1) * 1000, () => session.close());
  });
  return {
    server,
    async update(now) {
      limitConnections(server, now);
      // For clients that send no server name.
      const options = (await tls.optionsFor(now, '')) ?? none;
      if (options !== shown) server.setSecureContext(options);
      shown = options;
    },
    close() {
      server.close();
      for (const session of sessions) session.close();
      // Node has it for the HTTP/1.1 connections of such a server, but its types don't.
      if ('closeIdleConnections' in server && typeof server.closeIdleConnections === 'function') {
        server.closeIdleConnections();
      }
    },
    closeAll() {
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Returns true if the client of a TLS connection presented the required certificate. */
export function isClientTrusted(site: Site, socket: TLSSocket): boolean {
  const check = clientCheck(site, typeof socket.servername === 'string' ? socket.servername : '');
  if (check === 'OFF' || socket.authorized) return true;
  const shown = Object.keys(socket.getPeerCertificate()).length > 0;
  return check === 'OPTIONAL' && !shown;
}

const none: SecureContextOptions = {};
const contexts = new WeakMap<SecureContextOptions, SecureContext>();

function createContext(options: SecureContextOptions): SecureContext {
  const context = contexts.get(options) ?? createSecureContext(options);
  contexts.set(options, context);
  return context;
}

/** Applies `keepalive_timeout` and the like: https://www.tencentcloud.com/document/product/214/32427 */
function limitConnections(server: Server | Http2SecureServer, { config, listener }: Site): void {
  // The same fields for both kinds: the HTTP/1.1 part of the TLS server reads them too.
  Object.assign(server, {
    keepAliveTimeout: config.keepaliveTimeoutS * 1000,
    headersTimeout: config.clientHeaderTimeoutS * 1000,
    requestTimeout: 0,
  });
  // -1 = no limit in the cloud. For Node that is infinity: 0 meant no limit up to Node 20, and refuses every connection
  // since.
  server.maxConnections = listener.maxConnections < 0 ? Number.POSITIVE_INFINITY : listener.maxConnections;
}

/** Counts connections, once each, and returns the open ones: Node no longer tracks those that it has upgraded. */
function count(
  server: Server | Http2SecureServer,
  onConnection: SiteServerOptions['onConnection'],
  onRequest: SiteServerOptions['onRequest'],
): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    if (sockets.has(socket)) return;
    sockets.add(socket);
    onConnection('opened');
    socket.once('close', () => {
      sockets.delete(socket);
      onConnection('closed');
    });
  });
  onUpgrades(server, onRequest);
  return sockets;
}
