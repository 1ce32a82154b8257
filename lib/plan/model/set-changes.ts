import type { Phase } from '@/lib/diversion/phase';
import { getRecordSetState } from '@/lib/estate/look-up';
import type { DnsRecord } from '@/lib/estate/model';
import type { RecordSetRef, RecordSetState, RecordState } from '@/lib/estate/object';
import { objectKey, recordKey } from '@/lib/estate/object-state';
import {
  createRecord,
  deleteCreatedRecord,
  modifyRecordTtl,
  modifyRecordType,
  modifyRecordValue,
  modifyRecordWeight,
  type RecordIdParam,
  setRecordStatus,
} from './calls';
import type { PlannedChange } from './change';
import type { OriginalTtl } from './model';

/** A record of the set: one of the snapshot, or one that an earlier write creates and whose id is not known yet. */
export type SetRecord = Pick<DnsRecord, 'type' | 'value'> & { readonly id: DnsRecord['id'] | null };

/** Any weight works: shares are weight ÷ sum of weights. */
const equalWeight = 50;

function recordIdParam(record: SetRecord): RecordIdParam {
  return record.id ?? { $id: recordKey(record) };
}

/** Returns the original TTL of a record; undefined if no earlier run has lowered it, or it has another one by now. */
export function findOriginalTtl(
  originalTtls: readonly OriginalTtl[],
  set: RecordSetRef,
  record: Pick<RecordState, 'type' | 'value' | 'ttlS'>,
): OriginalTtl | undefined {
  return originalTtls.find(
    (each) =>
      objectKey(each.set) === objectKey(set) &&
      recordKey(each.record) === recordKey(record) &&
      each.loweredS === record.ttlS,
  );
}

/** Returns a state of a record set with the TTLs from before an earlier run lowered them. */
export function withOriginalTtls(
  set: RecordSetRef,
  { kind, records }: RecordSetState,
  originalTtls: readonly OriginalTtl[],
): RecordSetState {
  return {
    kind,
    records: records.map((record) => ({
      ...record,
      ttlS: findOriginalTtl(originalTtls, set, record)?.ttlS ?? record.ttlS,
    })),
  };
}

/** Collects the writes on one record set; each needs the previous one, and starts from its end state. */
export class SetChanges {
  readonly changes: PlannedChange[] = [];
  private state: RecordSetState;
  private readonly ids: ReadonlyMap<string, DnsRecord['id']>;
  private nextNeeds: readonly string[] = [];
  /** Records with a lowered TTL, by their current key, and their original TTL, in seconds. */
  private readonly lowered = new Map<string, { readonly id: RecordIdParam; readonly ttlS: number }>();
  private readonly key: string;
  private readonly firstNeeds: readonly string[];
  /** The time for which resolvers may cache answers with a TTL that an earlier run has lowered, in seconds. */
  readonly cachedS: number;

  constructor(
    private readonly set: RecordSetRef,
    {
      records,
      key,
      needs,
      originalTtls = [],
    }: {
      readonly records: readonly DnsRecord[];
      /** The prefix of the keys of its changes. */
      readonly key: string;
      /** Keys of the changes that its first move depends on. */
      readonly needs: readonly string[];
      readonly originalTtls?: readonly OriginalTtl[];
    },
  ) {
    this.key = key;
    this.firstNeeds = needs;
    this.state = getRecordSetState({ records: [...records] }, set);
    this.ids = new Map(records.map((record) => [recordKey(record), record.id]));
    const own = originalTtls.filter((each) => objectKey(each.set) === objectKey(set));
    this.cachedS = Math.max(0, ...own.map(({ cachedS }) => cachedS));
    for (const record of records) {
      const original = findOriginalTtl(own, set, record);
      if (original !== undefined) this.lowered.set(recordKey(record), { id: record.id, ttlS: original.ttlS });
    }
  }

  private add(
    step: Pick<PlannedChange & { kind: 'write' }, 'call' | 'inverse'>,
    records: readonly RecordState[],
    phase: Phase = 'divert',
  ): void {
    const after: RecordSetState = { kind: 'recordSet', records: [...records] };
    const last = this.changes.at(-1);
    const isFirstMove = phase === 'divert' && last?.phase !== 'divert';
    this.changes.push({
      kind: 'write',
      key: `${this.key}.${this.set.lineId}.${this.changes.length + 1}`,
      phase,
      needs: [
        ...(isFirstMove ? this.firstNeeds : []),
        ...(last === undefined ? [] : [last.key]),
        ...(phase === 'prewarm' ? [] : this.nextNeeds),
      ],
      object: this.set,
      before: this.state,
      after,
      ...step,
    });
    this.state = after;
    if (phase !== 'prewarm') this.nextNeeds = [];
  }

  private replaced(record: { type: string; value: string }, by: Partial<RecordState>): RecordState[] {
    return this.state.records.map((r) => (recordKey(r) === recordKey(record) ? { ...r, ...by } : r));
  }

  /** @param ttlS its final TTL once all TTLs are restored, in seconds */
  create(record: RecordState, ttlS = record.ttlS): void {
    if (ttlS > record.ttlS) this.lowered.set(recordKey(record), { id: { $id: recordKey(record) }, ttlS });
    this.add({ call: createRecord(this.set, record), inverse: deleteCreatedRecord(this.set, record) }, [
      ...this.state.records,
      record,
    ]);
  }

  status(record: SetRecord, enabled: boolean): void {
    const [zone, id] = [this.set.zone, recordIdParam(record)];
    this.add(
      { call: setRecordStatus(zone, id, enabled), inverse: setRecordStatus(zone, id, !enabled) },
      this.replaced(record, { enabled }),
    );
  }

  /** @param weight null = without one, like DNSPod's 0 */
  weigh(record: SetRecord, weight: number | null): void {
    const now = this.state.records.find((r) => recordKey(r) === recordKey(record));
    if (now === undefined || (now.weight || null) === (weight || null)) return;
    const [zone, id] = [this.set.zone, recordIdParam(record)];
    this.add(
      {
        call: modifyRecordWeight(zone, id, weight),
        inverse: modifyRecordWeight(zone, id, now.weight),
      },
      this.replaced(record, { weight }),
    );
  }

  private weightsOf(records: readonly SetRecord[]): readonly (number | null)[] {
    const keys = new Set(records.map(recordKey));
    return this.state.records.filter((r) => keys.has(recordKey(r))).map((r) => r.weight || null);
  }

  /** Returns whether none of these records currently has a weight. */
  areUnweighted(records: readonly SetRecord[]): boolean {
    return this.weightsOf(records).every((weight) => weight === null);
  }

  /**
   * Gives several records the same weight, unless they already have it. If DNSPod keeps weights that are removed
   * afterwards, each record still has the share that it has without one.
   */
  equalise(records: readonly SetRecord[]): void {
    const weights = this.weightsOf(records);
    if (weights.length < 2 || (weights[0] !== null && new Set(weights).size === 1)) return;
    for (const record of records) this.weigh(record, equalWeight);
  }

  /** Sets a record's TTL, together with other changes of the move. */
  retime(record: SetRecord, ttlS: number): void {
    const now = this.state.records.find((r) => recordKey(r) === recordKey(record));
    if (now === undefined || now.ttlS === ttlS) return;
    const [zone, id] = [this.set.zone, recordIdParam(record)];
    this.add(
      { call: modifyRecordTtl(zone, id, ttlS), inverse: modifyRecordTtl(zone, id, now.ttlS) },
      this.replaced(record, { ttlS }),
    );
  }

  /**
   * Lowers the TTL of all answering records, before T0.
   * @returns the keys of the writes; none if no TTL is higher
   */
  lowerTtl(ttlS: number): readonly string[] {
    const first = this.changes.length;
    for (const record of this.state.records.filter(({ enabled }) => enabled)) this.lowerTtlOf(record, ttlS);
    return this.changes.slice(first).map((change) => change.key);
  }

  /** Lowers the TTL of a record, before T0, unless it is as low. */
  lowerTtlOf(record: Pick<RecordState, 'type' | 'value'>, ttlS: number): void {
    const key = recordKey(record);
    const now = this.state.records.find((each) => recordKey(each) === key);
    if (now === undefined || now.ttlS <= ttlS) return;
    const [zone, id] = [this.set.zone, this.ids.get(key) ?? { $id: key }];
    const calls = {
      call: modifyRecordTtl(zone, id, ttlS),
      inverse: modifyRecordTtl(zone, id, now.ttlS),
    };
    this.add(calls, this.replaced(now, { ttlS }), 'prewarm');
    this.lowered.set(key, { id, ttlS: this.getOriginalTtl(now) });
  }

  /** Returns the TTL that a record has without a lowered TTL, in seconds. */
  getOriginalTtl(record: Pick<RecordState, 'type' | 'value' | 'ttlS'>): number {
    return this.lowered.get(recordKey(record))?.ttlS ?? record.ttlS;
  }

  /** Returns whether any record currently has a lowered TTL. */
  get hasLowered(): boolean {
    return this.lowered.size > 0;
  }

  /**
   * Restores the original TTL of all records whose TTL was lowered, in the drain of a permanent move.
   * @param needs the keys of the changes that must be done before
   */
  restoreTtl(needs: readonly string[]): void {
    this.need(needs);
    for (const [key, { id, ttlS }] of this.lowered) {
      const now = this.state.records.find((record) => recordKey(record) === key);
      if (now === undefined) continue;
      const calls = {
        call: modifyRecordTtl(this.set.zone, id, ttlS),
        inverse: modifyRecordTtl(this.set.zone, id, now.ttlS),
      };
      this.add(calls, this.replaced(now, { ttlS }), 'drain');
    }
  }

  /** Returns whether a record is currently enabled. */
  isOn(record: SetRecord): boolean {
    return this.state.records.some((r) => recordKey(r) === recordKey(record) && r.enabled);
  }

  /** Makes all later writes also depend on these. */
  need(keys: readonly string[]): void {
    this.nextNeeds = keys;
  }

  move(given: DnsRecord, target: { type: string; value: string }): void {
    // A type change sends the whole record, with its current TTL.
    const now = this.state.records.find((r) => recordKey(r) === recordKey(given));
    const record: DnsRecord = { ...given, ttlS: now?.ttlS ?? given.ttlS };
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
    const lowered = this.lowered.get(recordKey(given));
    if (lowered === undefined) return;
    this.lowered.delete(recordKey(given));
    this.lowered.set(recordKey(moved), lowered);
  }
}
