import type { Reading } from '@/lib/cloud/port';
import { addressRecordsOf, hostNameOf, recordSetStateOf, ruleStateOf } from '@/lib/estate/look-up';
import { DnsRecord, Rule, Target } from '@/lib/estate/model';
import {
  type ObjectRef,
  type ObjectState,
  type RecordSetRef,
  type RecordState,
  type RuleRef,
  recordKey,
} from '@/lib/estate/object';
import { invariant } from '@/lib/invariant';

/** What the model cloud holds of an estate: the things that plans touch. Never changed in place. */
export type Stock = { readonly rules: readonly Rule[]; readonly records: readonly DnsRecord[] };

/** Ids for what is made: each call gives one that was never given before. */
export type NewId = () => number;

function ruleOf(stock: Stock, ref: RuleRef): Rule | undefined {
  return stock.rules.find(
    (rule) => rule.listenerId === ref.listenerId && rule.domain === ref.domain && rule.url === ref.url,
  );
}

function recordsOf(stock: Stock, ref: RecordSetRef): readonly DnsRecord[] {
  return addressRecordsOf({ records: [...stock.records] }, hostNameOf(ref)).filter(
    (record) => record.zone === ref.zone && record.lineId === ref.lineId,
  );
}

/** One object as the cloud tells of it. */
export function readingOf(stock: Stock, ref: ObjectRef): Omit<Reading, 'at'> {
  if (ref.kind === 'rule') {
    const rule = ruleOf(stock, ref);
    return { state: ruleStateOf(rule), ids: rule === undefined ? {} : { LocationId: rule.id } };
  }
  const ids = recordsOf(stock, ref).map((record) => [recordKey(record), record.id]);
  return {
    state: recordSetStateOf({ records: [...stock.records] }, ref),
    ids: Object.fromEntries(ids),
  };
}

/** A rule with nothing bound. */
export function newRule(ref: Omit<RuleRef, 'kind' | 'region'>, id: number): Rule {
  const { loadBalancerId, listenerId, domain, url } = ref;
  const plain = { isDefault: false, scheduler: 'WRR', quic: false, targetType: 'NODE', redirectsTo: null };
  const made = { id: `loc-new${id}`, loadBalancerId, listenerId, domain, url };
  return Rule.parse({ ...made, ...plain, targets: [], functions: [] });
}

export function newRecord(ref: Omit<RecordSetRef, 'kind'>, state: RecordState, id: number): DnsRecord {
  const { zone, subdomain, line, lineId } = ref;
  return DnsRecord.parse({ id, zone, subdomain, line, lineId, ...state, updatedAt: '' });
}

/** A CVM target as a rule holds it. */
export function targetOf(state: {
  instanceId: string;
  port: number;
  weight: number;
}): Rule['targets'][number] {
  return Target.parse({ ...state, kind: 'CVM', instanceName: null, privateIp: null });
}

function withRule(stock: Stock, ref: RuleRef, state: ObjectState & { kind: 'rule' }, newId: NewId): Stock {
  const old = ruleOf(stock, ref);
  const others = stock.rules.filter((rule) => rule !== old);
  if (!state.exists) return { ...stock, rules: others };
  const base = old ?? newRule(ref, newId());
  const rule = { ...base, targets: state.targets.map(targetOf), functions: state.functions };
  return { ...stock, rules: [...others, rule] };
}

/** Records keep their ids where they stay, or where one takes the place of another. */
function withRecords(stock: Stock, ref: RecordSetRef, states: readonly RecordState[], newId: NewId): Stock {
  const old = recordsOf(stock, ref);
  const others = stock.records.filter((record) => !old.includes(record));
  const isNew = (state: RecordState) => !old.some((record) => recordKey(record) === recordKey(state));
  const free = old.filter((record) => !states.some((state) => recordKey(state) === recordKey(record)));
  const records = states.map((state) => {
    const same = isNew(state) ? free.shift() : old.find((record) => recordKey(record) === recordKey(state));
    return same === undefined ? newRecord(ref, state, newId()) : { ...same, ...state };
  });
  return { ...stock, records: [...others, ...records] };
}

/** The stock after somebody has brought an object into this state by hand. */
export function withState(stock: Stock, ref: ObjectRef, state: ObjectState, newId: NewId): Stock {
  if (ref.kind === 'rule' && state.kind === 'rule') return withRule(stock, ref, state, newId);
  invariant(ref.kind === 'recordSet' && state.kind === 'recordSet', 'the state is one of this object');
  return withRecords(stock, ref, state.records, newId);
}
