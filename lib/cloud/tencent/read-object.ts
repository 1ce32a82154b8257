import { ruleStateOf } from '@/lib/estate/look-up';
import type { DnsRecord } from '@/lib/estate/model';
import { type ObjectRef, type RecordSetRef, type RuleRef, recordKey } from '@/lib/estate/object';
import type { Reading } from '../port';
import type { Reader } from './caller';
import { readBindings } from './clb/api';
import { listRecords } from './dnspod/api';

async function readRule(reader: Reader, ref: RuleRef): Promise<Reading> {
  const { rules } = await readBindings(reader, ref.region, ref.loadBalancerId, [ref.listenerId]);
  const found = rules.find(
    ({ rule, domains }) =>
      rule.listenerId === ref.listenerId && rule.url === ref.url && domains.includes(ref.domain),
  );
  return {
    state: ruleStateOf(found?.rule),
    ids: found === undefined ? {} : { LocationId: found.rule.id },
  };
}

/** The types that decide where traffic goes; other records of the name (NS, TXT, …) are no part of the set. */
const addressTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

async function readRecordSet(reader: Reader, ref: RecordSetRef): Promise<Reading> {
  const all = await listRecords(reader, ref.zone, ref.subdomain);
  const records = all.filter(
    (record: DnsRecord) => record.lineId === ref.lineId && addressTypes.includes(record.type),
  );
  return {
    state: {
      kind: 'recordSet',
      records: records.map(({ type, value, ttlS, weight, enabled }) => ({
        type,
        value,
        ttlS,
        weight,
        enabled,
      })),
    },
    ids: Object.fromEntries(records.map((record) => [recordKey(record), record.id])),
  };
}

/** Reads one object afresh, with the cloud ids that writes to it need. */
export function readObject(reader: Reader, ref: ObjectRef): Promise<Reading> {
  return ref.kind === 'rule' ? readRule(reader, ref) : readRecordSet(reader, ref);
}
