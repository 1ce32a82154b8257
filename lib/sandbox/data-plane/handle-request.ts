import type { Logger } from 'pino';
import type { Assumptions } from '../assumptions';
import type { Invoker } from '../functions/invoker';
import {
  type ChoosingContext,
  chooseTarget,
  isSticky,
  type KeptConnections,
  stayingTarget,
} from './choose-target';
import { sendErrorPage } from './error-page';
import type { Exchange } from './exchange';
import { forwardedHeaders, type Hop } from './forwarding-headers';
import { answerByFunction } from './function-backend';
import { proxyRequest } from './proxy';
import { redirectLocation } from './redirect';
import type { ServedRule, ServedTarget } from './served-rule';
import { sessionCookie } from './session-cookie';
import type { Site } from './site';
import type { TargetServers, Upstream } from './target-servers';

export type RequestContext = {
  readonly targets: TargetServers;
  readonly invoker: Invoker;
  readonly assumptions: Assumptions;
  readonly kept: KeptConnections;
  readonly now: () => number;
  readonly requestId: () => string;
  /** In place of every rule's own; null = those hold. */
  readonly readTimeoutMs: number | null;
  readonly realPort: (port: number) => number;
  readonly log: Logger;
};

/** Answers one request at a VIP: finds its rule, then redirects, proxies to a target or runs the function. */
export async function handleRequest(site: Site, exchange: Exchange, context: RequestContext): Promise<void> {
  const match = site.match(exchange.host, exchange.target);
  switch (match.kind) {
    case 'none':
      // No rule of the domain takes the path: https://www.tencentcloud.com/document/product/214/9032
      return sendErrorPage(exchange, 404);
    case 'addSlash':
      return sendErrorPage(exchange, 301, ['Location', match.location]);
    case 'rule':
      exchange.trace.ruleId = match.rule.id;
      return serve(site, site.served(match.rule), exchange, context);
  }
}

async function serve(
  site: Site,
  served: ServedRule,
  exchange: Exchange,
  context: RequestContext,
): Promise<void> {
  const { rule, config } = served;
  const { account, loadBalancer, key } = site;
  const { assumptions } = context;

  if (rule.redirectTo !== null) {
    const { host, target } = exchange;
    const from = { host, target, port: key.port, realPort: context.realPort };
    const location = redirectLocation(loadBalancer, rule.redirectTo, from);
    if (location === null) return sendErrorPage(exchange, assumptions.get('http.noBackend'));
    return sendErrorPage(exchange, rule.redirectTo.code, ['Location', location]);
  }
  if (exchange.bodyLength !== 0) {
    if ((exchange.bodyLength ?? 0) > config.bodyMaxBytes) {
      exchange.body.resume();
      return sendErrorPage(exchange, 413);
    }
    exchange.onIdleBody(config.clientBodyTimeoutS * 1000, () => {
      if (exchange.begun) exchange.destroy();
      else sendErrorPage(exchange, 408, ['Connection', 'close']);
    });
  }

  const now = context.now();
  const choosing: ChoosingContext = {
    kept: context.kept,
    keptStays: assumptions.get('http.keptConnection') === 'stays',
    cookieName: assumptions.get('http.sessionCookie'),
    now,
  };
  const staying = stayingTarget(served, exchange, choosing);
  if (staying !== null) {
    const upstream = await dial(site, served, staying, context);
    if (upstream !== null)
      return forward(site, served, { target: staying, upstream, now }, exchange, context);
  }
  const [bound] = rule.functions;
  if (bound !== undefined) {
    const requestId = context.requestId();
    const call = {
      account,
      region: loadBalancer.region,
      target: bound,
      headers: forwardedHeaders(
        exchange,
        hop(site, now, () => requestId),
        config,
      ),
      requestId,
      readTimeoutMs: context.readTimeoutMs ?? config.readTimeoutS * 1000,
      bodyMaxBytes: config.bodyMaxBytes,
      compresses: compresses(site, served),
      answerHeaders: (headers: string[]) => answerHeaders(served, headers),
    };
    return answerByFunction(exchange, call, context);
  }
  const target = chooseTarget(served, exchange, choosing);
  if (target === null) return sendErrorPage(exchange, assumptions.get('http.noBackend'));
  const dialled = dial(site, served, target, context);
  const upstream = dialled instanceof Promise ? await dialled : dialled;
  if (upstream === null) return sendErrorPage(exchange, assumptions.get('http.connectFailed'));
  return forward(site, served, { target, upstream, now }, exchange, context);
}

function dial(
  { account }: Site,
  { rule }: ServedRule,
  { instanceId, port }: ServedTarget,
  { targets }: RequestContext,
): Upstream | null | Promise<Upstream | null> {
  const instance = account.instances[instanceId];
  if (instance === undefined) return null;
  return targets.dial(instance, port, rule.forwardType === 'HTTPS' || rule.forwardType === 'GRPCS');
}

function forward(
  site: Site,
  served: ServedRule,
  { target, upstream, now }: { target: ServedTarget; upstream: Upstream; now: number },
  exchange: Exchange,
  context: RequestContext,
): void {
  const { rule, config, memory } = served;
  const { assumptions } = context;
  const { underway } = memory;
  underway.set(target.key, (underway.get(target.key) ?? 0) + 1);
  context.kept.set(exchange.connection, { ruleId: rule.id, target });
  const { instanceId, port } = target;
  exchange.trace.backend = { kind: 'target', instanceId, ip: upstream.ip, port };
  const cookie = isSticky(served)
    ? sessionCookie(
        rule.cookieName || assumptions.get('http.sessionCookie'),
        target,
        rule.sessionExpireS,
        now,
      )
    : null;
  proxyRequest(exchange, {
    upstream,
    headers: forwardedHeaders(exchange, hop(site, now, context.requestId), config),
    readTimeoutMs: context.readTimeoutMs ?? config.readTimeoutS * 1000,
    bodyMaxBytes: config.bodyMaxBytes,
    ignoresClientAbort: config.ignoresClientAbort,
    compresses: compresses(site, served),
    answerHeaders: (headers) => {
      const answered = answerHeaders(served, headers);
      if (cookie !== null) answered.push('Set-Cookie', cookie);
      return answered;
    },
    statuses: {
      connectFailed: assumptions.get('http.connectFailed'),
      timeout: assumptions.get('http.backendTimeout'),
    },
    done: () => {
      const left = (underway.get(target.key) ?? 1) - 1;
      if (left === 0) underway.delete(target.key);
      else underway.set(target.key, left);
    },
  });
}

/**
 * Compressed answers of targets pass as they are; the load balancer compresses by itself only in the compatibility
 * mode of the listener (`DataCompressMode` of https://www.tencentcloud.com/document/api/214/30681).
 */
function compresses({ listener }: Site, { rule }: ServedRule): boolean {
  return rule.gzip && listener.dataCompressMode === 'compatibility';
}

/** What the custom configuration makes of an answer's headers: https://www.tencentcloud.com/document/product/214/32427 */
function answerHeaders({ config }: ServedRule, headers: string[]): string[] {
  const { responseHeaders, redirectsToHttps } = config;
  if (responseHeaders.length === 0 && !redirectsToHttps) return headers;
  const replaced = new Set(
    responseHeaders.filter(({ replaces }) => replaces).map(({ name }) => name.toLowerCase()),
  );
  const answered: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const value = headers[at + 1] ?? '';
    const key = name.toLowerCase();
    if (replaced.has(key)) continue;
    const moved = redirectsToHttps && key === 'location' ? value.replace(/^http:/, 'https:') : value;
    answered.push(name, moved);
  }
  for (const { name, text } of responseHeaders) answered.push(name, text);
  return answered;
}

function hop({ key }: Site, now: number, requestId: () => string): Hop {
  const { protocol, vip, port, loadBalancerId } = key;
  return { protocol, vip, port, loadBalancerId, requestId, now };
}
