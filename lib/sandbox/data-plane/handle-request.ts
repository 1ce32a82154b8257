import type { Logger } from 'pino';
import { invariant } from '@/lib/invariant';
import type { Assumptions } from '../world/assumptions';
import type {
  WorldFunctionTarget,
  WorldListener,
  WorldLoadBalancer,
  WorldRedirect,
  WorldRule,
} from '../world/clb';
import type { Invoker } from '../world/invoker';
import { answerByFunction } from './function-backend';
import { sessionCookie } from './http/balance';
import {
  type ChoosingContext,
  type ClientConnection,
  chooseTarget,
  isSticky,
  stayingTarget,
} from './http/choose-target';
import { sendErrorPage, sendRuleError } from './http/error-page';
import type { Exchange } from './http/exchange';
import { forwardedHeaders } from './http/forwarding-headers';
import { hostName, parseRuleUrl } from './http/match';
import type { ServedRule, ServedTarget } from './http/served-rule';
import type { Site } from './http/site';
import { proxyRequest } from './proxy';
import type { TargetServers, Upstream } from './target-servers';

export type RequestContext = {
  readonly targets: TargetServers;
  readonly invoker: Invoker;
  readonly assumptions: Assumptions;
  readonly now: () => number;
  readonly requestId: () => string;
  /** Overrides every rule's own timeout; null = those apply. */
  readonly readTimeoutMs: number | null;
  readonly realPort: (port: number) => number;
  /** Called when a request reached a server that is down. */
  readonly onInstanceDown: (instanceId: string, requestId: string) => void;
  readonly log: Logger;
};

/**
 * Responds to one request at a VIP: finds its rule, then redirects, proxies to a target or runs the function. A request
 * to a known target has been sent when this returns; otherwise the promise resolves when it has.
 */
export function handleRequest(
  site: Site,
  exchange: Exchange,
  connection: ClientConnection,
  context: RequestContext,
): void | Promise<void> {
  const match = site.match(exchange.host, exchange.target);
  switch (match.kind) {
    case 'none':
      // No rule of the domain matches the path: https://www.tencentcloud.com/document/product/214/9032
      return sendErrorPage(exchange, 404);
    case 'addSlash':
      return sendErrorPage(exchange, 301, ['Location', match.location]);
    case 'rule':
      exchange.trace.rule = match.rule;
      return serve(site, site.served(match.rule), exchange, connection, context);
  }
}

function serve(
  site: Site,
  served: ServedRule,
  exchange: Exchange,
  connection: ClientConnection,
  context: RequestContext,
): void | Promise<void> {
  const { rule, config } = served;
  const { assumptions } = context;

  if (rule.redirectTo !== null) {
    const { host, target } = exchange;
    const from = { host, target, port: site.key.port, realPort: context.realPort };
    const location = redirectLocation(site.loadBalancer, rule.redirectTo, from);
    if (location === null) return sendRuleError(exchange, config, assumptions.get('http.noBackend'));
    return sendErrorPage(exchange, rule.redirectTo.code, ['Location', location]);
  }
  if (exchange.bodyLength !== 0) {
    if ((exchange.bodyLength ?? 0) > config.bodyMaxBytes) {
      exchange.body.resume();
      return sendRuleError(exchange, config, 413);
    }
    exchange.onIdleBody(config.clientBodyTimeoutS * 1000, () => {
      if (exchange.begun) exchange.destroy();
      else sendErrorPage(exchange, 408, ['Connection', 'close']);
    });
  }

  const choosing: ChoosingContext = {
    connection,
    keptStays: assumptions.get('http.keptConnection') === 'stays',
    cookieName: assumptions.get('http.sessionCookie'),
    now: context.now(),
  };
  const staying = stayingTarget(served, choosing);
  if (staying !== null) return stay(site, served, staying, exchange, choosing, context);
  return serveAgain(site, served, exchange, choosing, context);
}

function serveAgain(
  site: Site,
  served: ServedRule,
  exchange: Exchange,
  choosing: ChoosingContext,
  context: RequestContext,
): void | Promise<void> {
  const { rule, config } = served;
  const [bound] = rule.functions;
  if (bound !== undefined) return callFunction(site, served, bound, exchange, context);
  const target = chooseTarget(served, exchange, choosing);
  if (target === null) return sendRuleError(exchange, config, context.assumptions.get('http.noBackend'));
  choosing.connection.last = { ruleId: rule.id, target };
  const upstream = dial(site, served, target, context);
  if (upstream instanceof Promise) {
    return upstream.then((opened) => forward(site, served, target, opened, exchange, context));
  }
  return forward(site, served, target, upstream, exchange, context);
}

/** Forwards to the target that the connection is bound to, as long as it responds. */
async function stay(
  site: Site,
  served: ServedRule,
  target: ServedTarget,
  exchange: Exchange,
  choosing: ChoosingContext,
  context: RequestContext,
): Promise<void> {
  const upstream = await dial(site, served, target, context);
  if (upstream === null) return serveAgain(site, served, exchange, choosing, context);
  return forward(site, served, target, upstream, exchange, context);
}

function callFunction(
  site: Site,
  served: ServedRule,
  target: WorldFunctionTarget,
  exchange: Exchange,
  context: RequestContext,
): Promise<void> {
  const { config } = served;
  const requestId = context.requestId();
  const call = {
    account: site.account,
    region: site.loadBalancer.region,
    target,
    requestId,
    config,
    headers: forwardedHeaders(exchange, site.key, config, { now: context.now(), requestId: () => requestId }),
    readTimeoutMs: context.readTimeoutMs ?? config.readTimeoutS * 1000,
    compresses: compresses(site, served),
  };
  return answerByFunction(exchange, call, context);
}

function dial(
  { account }: Site,
  { rule }: ServedRule,
  { instanceId, eniIp, port }: ServedTarget,
  { targets }: RequestContext,
): Upstream | null | Promise<Upstream | null> {
  const instance = account.instances[instanceId];
  if (instance === undefined) return null;
  return targets.dial(
    { instance, ip: eniIp ?? instance.privateIp },
    port,
    rule.forwardType === 'HTTPS' || rule.forwardType === 'GRPCS',
  );
}

function forward(
  site: Site,
  served: ServedRule,
  target: ServedTarget,
  upstream: Upstream | null,
  exchange: Exchange,
  context: RequestContext,
): void {
  const { rule, config, memory } = served;
  const { assumptions } = context;
  const connectFailed = assumptions.get('http.connectFailed');
  if (upstream === null) {
    const { instanceId } = target;
    const isDown = (site.account.instances[instanceId]?.downSince ?? null) !== null;
    if (isDown) context.onInstanceDown(instanceId, context.requestId());
    sendRuleError(exchange, config, connectFailed);
    return;
  }
  const { instanceId, port, key } = target;
  exchange.trace.backend = { kind: 'target', instanceId, ip: upstream.ip, port };
  const cookieName = rule.cookieName || assumptions.get('http.sessionCookie');
  const now = context.now();
  proxyRequest(exchange, {
    upstream,
    headers: forwardedHeaders(exchange, site.key, config, { now, requestId: context.requestId }),
    config,
    readTimeoutMs: context.readTimeoutMs ?? config.readTimeoutS * 1000,
    compresses: compresses(site, served),
    cookie: isSticky(served) ? sessionCookie(cookieName, target, rule.sessionExpireS, now) : null,
    connectFailed,
    timeout: assumptions.get('http.backendTimeout'),
    underway: memory.underway,
    key,
  });
}

/**
 * Returns true if the load balancer compresses. Compressed responses of targets pass unchanged; the load balancer
 * compresses on its own only in the compatibility mode of the listener (`DataCompressMode` of
 * https://www.tencentcloud.com/document/api/214/30681).
 */
function compresses({ listener }: Site, { rule }: ServedRule): boolean {
  return rule.gzip && listener.dataCompressMode === 'compatibility';
}

/** The request to be redirected. */
type Redirected = {
  /** Its Host header and target as sent. */
  readonly host: string;
  readonly target: string;
  /** The listener's port, and the address that really serves a port. */
  readonly port: number;
  readonly realPort: (port: number) => number;
};

/**
 * Returns the `Location` of a redirect (https://www.tencentcloud.com/document/product/214/8839): to the domain and
 * listener of its target rule. With `takeUrl` the client's path and query are kept; otherwise it leads to the path of
 * that rule. If the rule's domain or path is a pattern, the client's own is kept.
 * Null if the target rule was deleted.
 */
function redirectLocation(
  loadBalancer: Pick<WorldLoadBalancer, 'listeners'>,
  to: WorldRedirect,
  { host, target, port, realPort }: Redirected,
): string | null {
  const listener = loadBalancer.listeners.find(({ id }) => id === to.listenerId);
  const rule = listener?.rules.find(({ id }) => id === to.ruleId);
  if (listener === undefined || rule === undefined) return null;
  const path = to.takeUrl ? target : (namedPath(rule) ?? target);
  const domain = namedDomain(rule) ?? hostName(host);
  // If the client had to use a different port than the listener's, it must here too.
  const asked = Number(/:(\d+)$/.exec(host)?.[1] ?? Number.NaN);
  const isMoved = asked !== port && asked === realPort(port);
  return `${buildOrigin(listener, domain, isMoved ? realPort(listener.port) : listener.port)}${path}`;
}

function namedPath({ url }: WorldRule): string | null {
  const { form, text } = parseRuleUrl(url);
  return form === '~' || form === '~*' ? null : text;
}

function namedDomain({ domain }: WorldRule): string | null {
  return domain.includes('*') || domain.startsWith('~') ? null : domain;
}

function buildOrigin(listener: WorldListener, domain: string, port: number): string {
  const { protocol } = listener;
  invariant(
    protocol === 'HTTP' || protocol === 'HTTPS',
    `${listener.id} is redirected to and is ${protocol}`,
  );
  const scheme = protocol === 'HTTP' ? 'http' : 'https';
  const usual = scheme === 'http' ? 80 : 443;
  return `${scheme}://${domain}${port === usual ? '' : `:${port}`}`;
}
