import type { DnsRecord, Estate, IgtmInstance } from './model';

const toHost = (text: string) => text.toLowerCase().replace(/\.$/, '');

/**
 * Returns the instance of IGTM that decides where a name leads: the name is its access name or its own domain, or a CNAME
 * of the name points at its access name.
 */
export function findIgtm(
  { igtm }: Pick<Estate, 'igtm'>,
  hostName: string,
  records: readonly DnsRecord[],
): IgtmInstance | undefined {
  const host = toHost(hostName);
  const targets = records.flatMap(({ type, value }) => (type === 'CNAME' ? [toHost(value)] : []));
  return igtm.find(
    ({ domain, accessName }) =>
      domain === host || (accessName !== null && [host, ...targets].includes(accessName)),
  );
}
