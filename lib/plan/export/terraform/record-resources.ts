import { getHostName, listAddressRecords } from '@/lib/estate/look-up';
import type { DnsRecord } from '@/lib/estate/model';
import type { RecordSetRef, RecordSetState, RecordState } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import type { WriteStep } from '@/lib/plan/model/model';
import { attributes, type HclExpression } from './hcl';
import type { Making } from './made-resources';
import { type Resource, resourceAddress } from './resource';

const type = 'tencentcloud_dnspod_record';

/**
 * Returns the ids of a set's records once the plan is complete, by their keys: a write that changes a record's value
 * moves its id to the new key.
 */
function listRecordIds(
  set: RecordSetRef,
  records: readonly DnsRecord[],
  steps: readonly WriteStep[],
): ReadonlyMap<string, number> {
  const own = listAddressRecords({ records: [...records] }, getHostName(set)).filter(
    (record) => record.zone === set.zone && record.lineId === set.lineId,
  );
  const ids = new Map<string, number>(own.map((record) => [recordKey(record), record.id]));
  for (const { call, before, after } of steps) {
    const id = call.params.RecordId;
    if (typeof id !== 'number' || before.kind !== 'recordSet' || after.kind !== 'recordSet') continue;
    const keys = (state: RecordSetState) => state.records.map(recordKey);
    const made = keys(after).filter((key) => !keys(before).includes(key));
    for (const key of made) ids.set(key, id);
  }
  return ids;
}

export type TouchedSet = {
  readonly set: RecordSetRef;
  readonly end: RecordSetState;
  readonly steps: readonly WriteStep[];
};

/**
 * Returns the records of a name on a line. Disabled records depend on enabled ones, so that Terraform also enables
 * before it disables. Arguments and import id:
 * https://registry.terraform.io/providers/tencentcloudstack/tencentcloud/latest/docs/resources/dnspod_record
 * @param records as in the newest snapshot
 * @param after the objects that must exist before names may point there
 */
export function recordResources(
  { set, end, steps }: TouchedSet,
  records: readonly DnsRecord[],
  { labels, names, after }: Pick<Making, 'labels' | 'names'> & { readonly after: readonly HclExpression[] },
): readonly Resource[] {
  const ids = listRecordIds(set, records, steps);
  const resource = (record: RecordState, dependsOn: readonly HclExpression[]): Resource => {
    const id = ids.get(recordKey(record));
    return {
      type,
      label: labels.next(type, getHostName(set), record.value),
      body: attributes({
        domain: set.zone,
        sub_domain: set.subdomain,
        record_type: record.type,
        record_line: set.line,
        value: names.value(record.value),
        ttl: record.ttlS,
        weight: record.weight || undefined,
        status: record.enabled ? 'ENABLE' : 'DISABLE',
        depends_on: dependsOn.length === 0 ? undefined : dependsOn,
      }),
      importId: id === undefined ? null : `${set.zone}#${id}`,
    };
  };
  const on = end.records.filter(({ enabled }) => enabled).map((record) => resource(record, after));
  const own = on.map((each) => ({ expression: resourceAddress(each) }));
  const off = end.records.filter(({ enabled }) => !enabled).map((record) => resource(record, own));
  return [...on, ...off];
}
