import type { Listener, LoadBalancer, Rule } from '@/lib/estate/model';

export type ProbeHint =
  /** A command that asks the load balancer itself, whatever DNS says. */
  | { readonly kind: 'command'; readonly text: string }
  /** Not HTTP: the address that a client connects to. */
  | { readonly kind: 'address'; readonly text: string }
  /** The sandbox's data plane answers HTTP only. */
  | { readonly kind: 'notInSandbox' };

/**
 * How to see with one's own eyes what a listener answers.
 * @returns null where there is no address yet, or no rule whose name could be asked for.
 */
export function probeHint(
  loadBalancer: LoadBalancer,
  listener: Listener,
  rule: Rule | undefined,
  environment: 'sandbox' | 'tencent',
): ProbeHint | null {
  if (environment === 'sandbox' && listener.protocol !== 'HTTP') return { kind: 'notInSandbox' };
  const address = loadBalancer.vips[0] ?? loadBalancer.domain;
  if (address === undefined || address === null) return null;
  if (listener.protocol !== 'HTTP' && listener.protocol !== 'HTTPS') {
    return { kind: 'address', text: `${address}:${listener.port}` };
  }
  if (rule === undefined || !/^[a-z0-9.-]+$/i.test(rule.domain)) return null;
  const path = rule.url.startsWith('/') ? rule.url : '/';
  if (listener.protocol === 'HTTPS') {
    const port = listener.port === 443 ? '' : `:${listener.port}`;
    const resolve = `--connect-to ${rule.domain}:${listener.port}:${address}:${listener.port}`;
    return { kind: 'command', text: `curl ${resolve} 'https://${rule.domain}${port}${path}'` };
  }
  const port = listener.port === 80 ? '' : `:${listener.port}`;
  return { kind: 'command', text: `curl -H 'Host: ${rule.domain}' 'http://${address}${port}${path}'` };
}
