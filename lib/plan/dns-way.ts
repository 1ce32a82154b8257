import { dnsTargetOf, isOtherFamily, leadsTo } from '@/lib/estate/look-up';
import type { DnsRecord, LoadBalancer } from '@/lib/estate/model';

/** How one line of a name can be led to a load balancer by single calls, or why it can't. */
export type DnsWay =
  /** It leads there already. */
  | { readonly kind: 'there' }
  /** A record leads there: on it goes, if it isn't, and then the others off. */
  | { readonly kind: 'switch'; readonly to: DnsRecord; readonly off: readonly DnsRecord[] }
  /** One record that is on changes in place: the only way in which a CNAME and other types can follow each other. */
  | {
      readonly kind: 'move';
      readonly record: DnsRecord;
      readonly offBefore: readonly DnsRecord[];
      readonly offAfter: readonly DnsRecord[];
    }
  /** Nothing that is on stands in the way: a record of its own. What is off stays as somebody parked it. */
  | { readonly kind: 'create' }
  /** The value is on a record that is off and can't go on beside the types that are: DNSPod takes it only once. */
  | { readonly kind: 'taken'; readonly record: DnsRecord }
  /** The load balancer has no address that DNS could name. */
  | { readonly kind: 'noAddress' };

/**
 * Finds the way without a moment in which clients that had an answer get none. A CNAME stands alone at its name
 * (https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2), A and AAAA stand beside each other: for an A target an AAAA
 * that is on stays as it is, and the other way round; for a CNAME both have to go. A value stands once at a name and line, on or off
 * (`InvalidParameter.DomainRecordExist`, https://cloud.tencent.com/document/api/1427/56180).
 * @param records the address records of one name on one line, on and off.
 */
export function dnsWay(records: readonly DnsRecord[], loadBalancer: LoadBalancer): DnsWay {
  const target = dnsTargetOf(loadBalancer);
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
  // The answer that most clients follow is the last to change: A before AAAA.
  const record = other.find((r) => r.type !== 'AAAA') ?? other[0];
  if (record === undefined) return { kind: 'create' };
  return { kind: 'move', record, offBefore: other.filter((r) => r !== record), offAfter: [] };
}
