import { getDnsTarget, isOtherFamily, leadsTo } from '@/lib/estate/dns-target';
import type { DnsRecord, LoadBalancer } from '@/lib/estate/model';

/** The single calls that point one line of a name at a load balancer, or the reason why it is impossible. */
export type DnsChange =
  /** It already points there. */
  | { readonly kind: 'there' }
  /** A record points there: enable it if it is not, and then disable the others. */
  | { readonly kind: 'switch'; readonly to: DnsRecord; readonly off: readonly DnsRecord[] }
  /** One enabled record changes in place: the only way in which a CNAME and other types can replace each other. */
  | {
      readonly kind: 'move';
      readonly record: DnsRecord;
      readonly offBefore: readonly DnsRecord[];
      readonly offAfter: readonly DnsRecord[];
    }
  /** No enabled record blocks it: create a new record. Disabled records stay unchanged. */
  | { readonly kind: 'create' }
  /**
   * The value is on a disabled record that can't be enabled beside the enabled types: DNSPod accepts a value only once.
   */
  | { readonly kind: 'taken'; readonly record: DnsRecord }
  /** The load balancer has no address that DNS can name. */
  | { readonly kind: 'noAddress' };

/**
 * Finds a change that leaves no client without an answer that had one. A CNAME excludes other records at its name
 * (https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2), while A and AAAA coexist: for an A target, an enabled AAAA is
 * unchanged, and vice versa; for a CNAME both must be removed. A value can exist only once per name and line, enabled
 * or disabled (`InvalidParameter.DomainRecordExist`, https://cloud.tencent.com/document/api/1427/56180).
 * @param records the address records of one name on one line, enabled and disabled
 */
export function findDnsChange(records: readonly DnsRecord[], loadBalancer: LoadBalancer): DnsChange {
  const target = getDnsTarget(loadBalancer);
  if (target === undefined) return { kind: 'noAddress' };
  const on = records.filter((r) => r.enabled && !isOtherFamily(r, target));
  if (on.length > 0 && on.every((r) => leadsTo(r, loadBalancer))) return { kind: 'there' };

  const same = on.filter((r) => r.type === target.type);
  const other = on.filter((r) => r.type !== target.type);
  const leading = records.filter((r) => r.type === target.type && leadsTo(r, loadBalancer));
  const to = leading.find((r) => r.enabled) ?? leading[0];
  if (other.length === 0) {
    if (to !== undefined) {
      return { kind: 'switch', to, off: same.filter((r) => !leadsTo(r, loadBalancer)) };
    }
    const [record, ...offAfter] = same;
    return record === undefined ? { kind: 'create' } : { kind: 'move', record, offBefore: [], offAfter };
  }
  const twin = leading.find((r) => r.type === 'CNAME' || r.value === target.value);
  if (twin !== undefined) return { kind: 'taken', record: twin };
  // The answer that most clients follow changes last: A before AAAA.
  const record = other.find((r) => r.type !== 'AAAA') ?? other[0];
  if (record === undefined) return { kind: 'create' };
  return { kind: 'move', record, offBefore: other.filter((r) => r !== record), offAfter: [] };
}
