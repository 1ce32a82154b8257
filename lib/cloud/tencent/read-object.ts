import { recordSetStateOf, ruleStateOf } from '@/lib/estate/look-up';
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

async function readRecordSet(reader: Reader, ref: RecordSetRef): Promise<Reading> {
  const records = await listRecords(reader, ref.zone, ref.subdomain);
  const onLine = records.filter((record) => record.lineId === ref.lineId);
  return {
    state: recordSetStateOf({ records: [...records] }, ref),
    ids: Object.fromEntries(onLine.map((record) => [recordKey(record), record.id])),
  };
}

/** Reads one object afresh, with the cloud ids that writes to it need. */
export function readObject(reader: Reader, ref: ObjectRef): Promise<Reading> {
  return ref.kind === 'rule' ? readRule(reader, ref) : readRecordSet(reader, ref);
}
