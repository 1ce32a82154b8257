import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Invoker } from '../functions/invoker';
import type { WorldListener, WorldLoadBalancer, WorldRule, WorldTarget } from '../world/clb';
import type { AccountWorld } from '../world/world';
import { STATUS_CONNECT_FAILED, STATUS_NO_BACKEND, STATUS_NO_RULE } from './assumptions';
import { sendErrorPage } from './error-page';
import { forwardedHeaders } from './forwarding-headers';
import { answerByFunction } from './function-backend';
import { hostName, matchRule } from './match';
import { proxyRequest } from './proxy';
import { requestPath } from './request-path';
import type { TargetServers } from './target-servers';
import { type Credits, pickByWeight } from './wrr';

/** The listener that a request came in by, as the world has it now. */
export type Site = {
  readonly account: AccountWorld;
  readonly loadBalancer: WorldLoadBalancer;
  readonly listener: WorldListener;
};

export type RequestContext = {
  readonly targets: TargetServers;
  readonly invoker: Invoker;
  readonly credits: (ruleId: string) => Credits;
  readonly now: () => number;
  readonly requestId: () => string;
  readonly readTimeoutMs: number;
  readonly log: Logger;
};

/** Answers one request at a VIP: finds its rule, then redirects, proxies to a target or runs the function. */
export async function handleRequest(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
): Promise<void> {
  const host = request.headers.host ?? '';
  const { path, query } = requestPath(request.url ?? '/');
  const match = matchRule(site.listener.rules, host, path);
  switch (match.kind) {
    case 'none':
      return sendErrorPage(response, STATUS_NO_RULE);
    case 'addSlash':
      return redirect(response, 301, `${encodeURI(match.path)}${query}`);
    case 'rule':
      return serve(site, match.rule, request, response, context);
  }
}

async function serve(
  { account, loadBalancer, listener }: Site,
  rule: WorldRule,
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
): Promise<void> {
  const now = context.now();
  const headers = forwardedHeaders(request, now);
  const { readTimeoutMs } = context;

  if (rule.redirectTo !== null) {
    const to = rule.redirectTo;
    const target = loadBalancer.listeners.find((candidate) => candidate.id === to.listenerId) ?? listener;
    return redirect(response, to.code, `${origin(target, request.headers.host ?? '')}${request.url ?? '/'}`);
  }
  const [bound] = rule.functions;
  if (bound !== undefined) {
    const requestId = context.requestId();
    const call = {
      account,
      region: loadBalancer.region,
      target: bound,
      headers,
      requestId,
      readTimeoutMs,
    };
    return answerByFunction(request, response, call, context);
  }
  const picked = pickByWeight(rule.targets, targetKey, context.credits(rule.id));
  if (picked === null) return sendErrorPage(response, STATUS_NO_BACKEND);
  const instance = account.instances[picked.instanceId];
  const target = instance === undefined ? null : await context.targets.dial(instance, picked.port);
  if (target === null) return sendErrorPage(response, STATUS_CONNECT_FAILED);
  proxyRequest(request, response, { target, headers, readTimeoutMs });
}

function targetKey(target: WorldTarget): string {
  return `${target.instanceId}:${target.port}`;
}

function origin(listener: WorldListener, host: string): string {
  const scheme = listener.protocol === 'HTTP' ? 'http' : 'https';
  const usual = scheme === 'http' ? 80 : 443;
  return `${scheme}://${hostName(host)}${listener.port === usual ? '' : `:${listener.port}`}`;
}

function redirect(response: ServerResponse, status: number, location: string): void {
  response.setHeader('Location', location);
  sendErrorPage(response, status);
}
