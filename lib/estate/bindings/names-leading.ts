import { getHostName, leadsTo } from '@/lib/estate/look-up';
import type { DnsRecord, Estate, LoadBalancer } from '@/lib/estate/model';
import { addressRecordTypes } from '@/lib/estate/object';

/** Normalizes a DNS name as in comparisons of answers: lower case, no trailing dot. */
const plain = (name: string) => name.toLowerCase().replace(/\.$/, '');

/** Returns all values with which a record can point at a load balancer. */
function listAddresses({ vips, ipv6, domain }: LoadBalancer): readonly string[] {
  return [...vips, ...(ipv6 === null ? [] : [ipv6]), ...(domain === null ? [] : [plain(domain)])];
}

/**
 * Returns the host names that point at each load balancer, by its id: those of enabled address records. Looks up each
 * address once, because comparing every record with every load balancer would be slow.
 */
export function namesLeading(
  estate: Pick<Estate, 'records' | 'loadBalancers'>,
): ReadonlyMap<string, readonly string[]> {
  const at = new Map<string, LoadBalancer[]>();
  for (const balancer of estate.loadBalancers)
    for (const address of listAddresses(balancer)) at.set(address, [...(at.get(address) ?? []), balancer]);
  const led = (record: DnsRecord) =>
    (at.get(plain(record.value)) ?? []).filter((balancer) => leadsTo(record, balancer));
  const names = new Map<string, Set<string>>();
  for (const record of estate.records) {
    if (!record.enabled || !addressRecordTypes.includes(record.type)) continue;
    for (const { id } of led(record)) {
      const known = names.get(id) ?? new Set();
      names.set(id, known.add(getHostName(record)));
    }
  }
  return new Map([...names].map(([id, hosts]) => [id, [...hosts].sort()]));
}
