import { recordTtlDefaultS } from '@/lib/estate/limits';
import { addressRecordsOf, dnsTargetOf, recordSetStateOf, subdomainOf } from '@/lib/estate/look-up';
import type { DnsRecord, DnsZone, Estate, LoadBalancer } from '@/lib/estate/model';
import { type RecordSetRef, type RecordSetState, type RecordState, recordKey } from '@/lib/estate/object';
import {
  createRecord,
  deleteCreatedRecord,
  modifyRecordType,
  modifyRecordValue,
  setRecordStatus,
} from './calls';
import type { Change } from './change';
import { type DnsWay, dnsWay } from './dns-way';

/** What DNSPod calls its default line when no record of the zone names it (id 0 overrides the name). */
const defaultLine = { id: '0', name: '默认' };

function defaultLineOf(estate: Estate, zone: DnsZone): string {
  return (
    estate.records.find((r) => r.zone === zone.name && r.lineId === defaultLine.id)?.line ?? defaultLine.name
  );
}

/** Collects the writes on one record set; each needs the one before, and starts from where that one ended. */
class SetChanges {
  readonly changes: Change[] = [];
  private state: RecordSetState;

  constructor(
    private readonly set: RecordSetRef,
    start: RecordSetState,
    private readonly key: string,
    private readonly firstNeeds: readonly string[],
  ) {
    this.state = start;
  }

  private add(
    step: Pick<Change & { kind: 'write' }, 'call' | 'inverse'>,
    records: readonly RecordState[],
  ): void {
    const after: RecordSetState = { kind: 'recordSet', records: [...records] };
    const last = this.changes.at(-1);
    this.changes.push({
      kind: 'write',
      key: `${this.key}.${this.set.lineId}.${this.changes.length + 1}`,
      phase: 'divert',
      needs: last === undefined ? this.firstNeeds : [last.key],
      object: this.set,
      before: this.state,
      after,
      ...step,
    });
    this.state = after;
  }

  private replaced(record: { type: string; value: string }, by: Partial<RecordState>): RecordState[] {
    return this.state.records.map((r) => (recordKey(r) === recordKey(record) ? { ...r, ...by } : r));
  }

  create(record: RecordState): void {
    this.add({ call: createRecord(this.set, record), inverse: deleteCreatedRecord(this.set, record) }, [
      ...this.state.records,
      record,
    ]);
  }

  status(record: DnsRecord, enabled: boolean): void {
    this.add(
      { call: setRecordStatus(record, enabled), inverse: setRecordStatus(record, !enabled) },
      this.replaced(record, { enabled }),
    );
  }

  move(record: DnsRecord, target: { type: string; value: string }): void {
    const moved: DnsRecord = { ...record, ...target };
    this.add(
      record.type === target.type
        ? { call: modifyRecordValue(record, target.value), inverse: modifyRecordValue(moved, record.value) }
        : {
            call: modifyRecordType(record, target.type, target.value),
            inverse: modifyRecordType(moved, record.type, record.value),
          },
      this.replaced(record, target),
    );
  }
}

/** The writes of a way: at every point of them, and of their way back, the line goes on answering. */
function leadLine(
  changes: SetChanges,
  way: DnsWay,
  target: NonNullable<ReturnType<typeof dnsTargetOf>>,
): void {
  switch (way.kind) {
    case 'there':
    case 'taken':
    case 'noAddress':
      return;
    case 'create':
      changes.create({ ...target, ttlS: recordTtlDefaultS, weight: null, enabled: true });
      return;
    case 'switch':
      if (!way.to.enabled) changes.status(way.to, true);
      for (const record of way.off) changes.status(record, false);
      return;
    case 'move':
      for (const record of way.offBefore) changes.status(record, false);
      changes.move(way.record, target);
      for (const record of way.offAfter) changes.status(record, false);
  }
}

/**
 * The DNS writes that lead a host name to a load balancer, on every line that the name has. None at all if one line can't be
 * led there (`taken`): the preflight says so, and half a name is not moved.
 * @param needs keys of the changes that must be done before DNS may move.
 */
export function diffDns(
  estate: Estate,
  input: {
    hostName: string;
    zone: DnsZone;
    loadBalancer: LoadBalancer;
    key: string;
    needs: readonly string[];
  },
): Change[] {
  const { hostName, zone, loadBalancer, key, needs } = input;
  const records = addressRecordsOf(estate, hostName).filter((r) => r.zone === zone.name);
  const lines = new Map(records.map((r) => [r.lineId, r.line]));
  if (lines.size === 0) lines.set(defaultLine.id, defaultLineOf(estate, zone));
  const target = dnsTargetOf(loadBalancer);
  const ways = [...lines].map(([lineId, line]) => {
    const way = dnsWay(
      records.filter((r) => r.lineId === lineId),
      loadBalancer,
    );
    return { lineId, line, way };
  });
  if (target === undefined || ways.some(({ way }) => way.kind === 'taken')) return [];
  return ways.flatMap(({ lineId, line, way }) => {
    const set: RecordSetRef = {
      kind: 'recordSet',
      zone: zone.name,
      subdomain: subdomainOf(hostName, zone.name),
      lineId,
      line,
    };
    const changes = new SetChanges(set, recordSetStateOf(estate, set), key, needs);
    leadLine(changes, way, target);
    return changes.changes;
  });
}
