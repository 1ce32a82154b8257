import type { WriteCall } from '@/lib/estate/call';
import type { LoadBalancerId } from '@/lib/estate/ids';
import { targetText } from '@/lib/estate/target';
import type { Reader } from './call/caller';
import { readBindings } from './clb/api';

/**
 * Returns what would be deleted with a load balancer or a listener: the cloud deletes its listeners, rules and bindings
 * without asking (https://cloud.tencent.com/document/api/214/30689).
 * @returns ids of listeners, or domain and URL of rules; nothing for other actions
 */
export async function listInside(
  reader: Reader,
  { action, region, params }: WriteCall,
): Promise<readonly string[]> {
  if (region === null) return [];
  if (action === 'DeleteLoadBalancer') {
    const [id] = Array.isArray(params.LoadBalancerIds) ? params.LoadBalancerIds : [];
    const { listeners } = await readBindings(reader, region, String(id) as LoadBalancerId);
    return listeners.map((listener) => listener.id);
  }
  if (action === 'DeleteListener') {
    const id = String(params.LoadBalancerId) as LoadBalancerId;
    const { listeners, rules } = await readBindings(reader, region, id, [String(params.ListenerId)]);
    const targets = listeners.flatMap((listener) => listener.targets.map(targetText));
    return [...targets, ...rules.map(({ domain, url }) => `${domain}${url}`)];
  }
  return [];
}
