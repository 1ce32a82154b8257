import type { Estate, Listener, LoadBalancer } from '@/lib/estate/model';
import { CloudError } from '../errors';
import type { Reader } from './call/caller';
import { type MonitoredObject, readPeaks } from './monitor/api';

const hourMs = 3_600_000;
const hours = 24;

/** The most listeners and VIPs that are asked about, so that a sync stays bounded. Our own choice. */
const objectsMax = 200;

/**
 * Reads the most connections at once of the last 24 h of the public listeners that forward without rules (layer 4 and
 * QUIC). `ClientConnum` by VIP, port and protocol: https://cloud.tencent.com/document/product/248/51898
 * @returns by listener; one that is missing couldn't be read
 */
export async function readListenerConnections(
  reader: Reader,
  loadBalancers: readonly LoadBalancer[],
  listeners: readonly Listener[],
  now: number,
): Promise<NonNullable<Estate['listenerConnections']>> {
  const balancers = new Map(loadBalancers.map((balancer) => [balancer.id, balancer]));
  const asked = listeners
    .flatMap(({ id, loadBalancerId, protocol, port, targets }) => {
      const balancer = balancers.get(loadBalancerId);
      const isLayer7 = protocol === 'HTTP' || protocol === 'HTTPS';
      if (isLayer7 || targets.length === 0 || balancer?.network !== 'OPEN') return [];
      return balancer.vips.map((vip) => ({
        id,
        object: {
          region: balancer.region,
          namespace: 'QCE/LB_PUBLIC',
          dimensions: { vip, loadBalancerPort: String(port), protocol },
        } satisfies MonitoredObject,
      }));
    })
    .slice(0, objectsMax);
  const to = Math.floor(now / hourMs) * hourMs;
  const span = { from: to - hours * hourMs, to, periodS: 3600 };
  const peaks = new Map<string, number>();
  for (const region of new Set(asked.map(({ object }) => object.region)))
    try {
      const some = asked.filter(({ object }) => object.region === region);
      const objects = some.map(({ object }) => object);
      const values = await readPeaks(reader, objects, 'ClientConnum', span);
      for (const [index, { id }] of some.entries())
        peaks.set(id, Math.max(peaks.get(id) ?? 0, Math.ceil(values[index] ?? 0)));
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
    }
  return Object.fromEntries(peaks);
}
