import { invariant } from '@/lib/invariant';
import type { WorldListener, WorldLoadBalancer, WorldRedirect, WorldRule } from '@/lib/sandbox/world/clb';
import { hostName, parseRuleUrl } from './match';

/** The request to be redirected. */
export type Redirected = {
  /** Its Host header and target as sent. */
  readonly host: string;
  readonly target: string;
  /** The listener's port, and the address that really serves a port. */
  readonly port: number;
  readonly realPort: (port: number) => number;
};

/**
 * Returns the `Location` of a redirect (https://www.tencentcloud.com/document/product/214/8839): to the domain and
 * listener of the rule it names; with `takeUrl`, and always for an automatic one, the client's path and query are kept,
 * otherwise it goes to the path of that rule. If the rule's domain or path is a pattern, the client's own is kept. Null
 * when the rule it names was deleted.
 */
export function redirectLocation(
  loadBalancer: Pick<WorldLoadBalancer, 'listeners'>,
  to: WorldRedirect,
  { host, target, port, realPort }: Redirected,
): string | null {
  const listener = loadBalancer.listeners.find(({ id }) => id === to.listenerId);
  const rule = listener?.rules.find(({ id }) => id === to.ruleId);
  if (listener === undefined || rule === undefined) return null;
  const keepsUrl = to.kind === 'Auto' || to.takeUrl;
  const path = keepsUrl ? target : (namedPath(rule) ?? target);
  const domain = to.kind === 'Auto' ? hostName(host) : (namedDomain(rule) ?? hostName(host));
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
