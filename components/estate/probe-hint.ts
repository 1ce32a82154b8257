import type { ConnectionView } from '@/lib/contract/connection';
import type { Listener, LoadBalancer, Rule } from '@/lib/estate/model';

export type ProbeHint =
  /** A command that sends a request directly to the load balancer, bypassing DNS. */
  | { readonly kind: 'command'; readonly text: string }
  /** Not HTTP: the address for clients to connect to. */
  | { readonly kind: 'address'; readonly text: string }
  /** The sandbox's data plane serves HTTP and HTTPS only. */
  | { readonly kind: 'notInSandbox' };

/**
 * Returns instructions for sending a request directly to a listener.
 * @returns null if it has no address yet, or no rule with a usable name
 */
export function probeHint(
  loadBalancer: LoadBalancer,
  listener: Listener,
  rule: Rule | undefined,
  connection: Pick<ConnectionView, 'kind' | 'portOffset' | 'dial'>,
): ProbeHint | null {
  const vip = loadBalancer.vips[0] ?? loadBalancer.domain;
  if (vip === undefined || vip === null) return null;
  const usual = listener.port < 1024 ? listener.port + connection.portOffset : listener.port;
  const elsewhere = connection.dial?.[`${vip}:${listener.port}`]?.split(':');
  const [address = vip, port = usual] = elsewhere ?? [];
  if (listener.protocol !== 'HTTP' && listener.protocol !== 'HTTPS') {
    if (connection.kind === 'sandbox') return { kind: 'notInSandbox' };
    return { kind: 'address', text: `${address}:${port}` };
  }
  if (rule === undefined || !/^[a-z0-9.-]+$/i.test(rule.domain)) return null;
  const path = rule.url.startsWith('/') ? rule.url : '/';
  if (listener.protocol === 'HTTPS') {
    const shown = listener.port === 443 ? '' : `:${listener.port}`;
    const resolve = `--connect-to ${rule.domain}:${listener.port}:${address}:${port}`;
    // The sandbox signs its certificates itself.
    const trust = connection.kind === 'sandbox' ? '--insecure ' : '';
    return { kind: 'command', text: `curl ${trust}${resolve} 'https://${rule.domain}${shown}${path}'` };
  }
  const shown = String(port) === '80' ? '' : `:${port}`;
  return { kind: 'command', text: `curl -H 'Host: ${rule.domain}' 'http://${address}${shown}${path}'` };
}
