import type { EstateList, EstateObject } from './estate-lists';
import type { DnsRecord, Rule } from './model';
import type { ObjectRef } from './object';

/** Whether an object of an estate is what a reference names, or one of the records that it names. */
export function isOfRef(ref: ObjectRef, list: EstateList, object: EstateObject): boolean {
  if (ref.kind === 'rule') {
    if (list !== 'rules') return false;
    const { listenerId, domain, domains, url } = object as Rule;
    // A snapshot of an older build has the first domain alone.
    const names: readonly string[] = domains ?? [domain];
    return listenerId === ref.listenerId && names.includes(ref.domain) && url === ref.url;
  }
  if (list !== 'records') return false;
  const { zone, subdomain, lineId } = object as DnsRecord;
  return zone === ref.zone && subdomain === ref.subdomain && lineId === ref.lineId;
}
