import { findIgtm } from '@/lib/estate/find-igtm';
import { isPartlyUnread } from '@/lib/estate/gaps';
import { getHostName } from '@/lib/estate/look-up';
import type { DnsRecord, Estate } from '@/lib/estate/model';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { writtenSets } from '@/lib/preflight/model/record-sets';
import { routeFieldName } from '@/lib/preflight/model/routes';

const { pass, warn, block, unknown } = createFindings(
  'dns-owner',
  'https://cloud.tencent.com/document/practice/1551/84532',
);

/** Returns the addresses that a name has in the zones of the account now, for the text; '' = none is known. */
function listAddresses({ records }: Estate, hostName: string | null): string {
  const own = records.filter(
    (each) => each.enabled && ['A', 'AAAA'].includes(each.type) && getHostName(each) === hostName,
  );
  return own.map(({ value }) => value).join(', ');
}

function findingsOfName(
  input: CheckInput,
  hostName: string,
  records: readonly DnsRecord[],
): readonly Finding[] {
  const route = input.routes.find((each) => each.hostName === hostName);
  const field = route === undefined ? null : routeFieldName(route, 'domain');
  const found = { field, objects: [hostName] };
  const findings: Finding[] = [];
  const igtm = findIgtm(input.before, hostName, records);
  if (igtm !== undefined) {
    const { name, accessName, enabled } = igtm;
    const addresses = listAddresses(input.before, accessName);
    const values = {
      domain: hostName,
      name,
      access: accessName ?? 'none',
      addresses: addresses === '' ? 'none' : addresses,
    };
    findings.push(
      enabled ? block({ ...found, why: 'igtm', values }) : warn({ ...found, why: 'igtmOff', values }),
    );
  }
  const watched = records.filter(({ monitored }) => monitored);
  if (watched.length > 0) {
    const values = {
      domain: hostName,
      records: watched.map(({ type, value }) => `${type} ${value}`).join(', '),
    };
    findings.push(block({ ...found, why: 'monitored', values }));
  }
  return findings;
}

/**
 * Checks that no name whose records the plan or its rollback writes is edited by another program: IGTM, or DNSPod's paid
 * monitoring (D-monitoring), which replaces addresses that fail
 * (https://cloud.tencent.com/document/api/1427/75921; that it writes by itself is inferred).
 */
export const checkDnsOwner: Check = (input) => {
  const written = writtenSets([...input.steps, ...input.rollback]);
  if (written.length === 0) return [];
  const byName = new Map<string, DnsRecord[]>(written.map(({ ref }) => [getHostName(ref), []]));
  for (const record of input.before.records)
    if (record.enabled) byName.get(getHostName(record))?.push(record);
  const names = [...byName.keys()];
  const findings = [...byName].flatMap(([name, records]) => findingsOfName(input, name, records));
  if (isPartlyUnread(input.before, 'igtm'))
    findings.push(
      unknown({ field: null, objects: names, why: 'unread', values: { domains: names.join(', ') } }),
    );
  if (findings.length > 0) return findings;
  return [pass({ field: null, objects: names, why: 'pass' })];
};
