import type { RampStep } from '@/lib/diversion/switch';
import { recordTtlDefaultS } from '@/lib/estate/limits';
import { addressRecordsOf, dnsTargetOf, leadsTo, recordSetStateOf, subdomainOf } from '@/lib/estate/look-up';
import type { DnsRecord, DnsZone, Estate, LoadBalancer } from '@/lib/estate/model';
import type { RecordSetRef } from '@/lib/estate/object';
import type { Change } from './change';
import { defaultLine, defaultLineOf } from './diff-dns';
import { SetChanges, type SetRecord } from './set-changes';

export type SwitchDns = {
  readonly hostName: string;
  readonly zone: DnsZone;
  /** The side that is moved to. */
  readonly gaining: LoadBalancer;
  readonly ramp: readonly RampStep[];
  readonly key: string;
  /** Keys of the changes that must be done before DNS may move. */
  readonly needs: readonly string[];
};

/** One line of the name: what leads to the gaining side, what else answers, and the writes so far. */
type Line = {
  readonly changes: SetChanges;
  readonly gain: SetRecord;
  readonly isNew: boolean;
  readonly losing: readonly DnsRecord[];
};

/**
 * Why a name can't be switched by weights and status: on some line a record that is on has another type than the gaining
 * side's, and a CNAME stands alone at its name (https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2).
 */
export function excludingRecords(records: readonly DnsRecord[], gaining: LoadBalancer): readonly DnsRecord[] {
  const target = dnsTargetOf(gaining);
  return records.filter((r) => r.enabled && r.type !== 'AAAA' && r.type !== target?.type);
}

function weights(percent: number, losing: number): { readonly gain: number; readonly lose: number } {
  // Shares are weight ÷ sum of weights; each is 1 to 100.
  const lose = Math.max(1, Math.round((100 - percent) / Math.max(1, losing)));
  return { gain: percent, lose };
}

/** Brings one line to a share. What gains is on before anything goes off: the line answers at every point. */
function toShare(line: Line, percent: number, isFirst: boolean): void {
  const { changes, gain, isNew, losing } = line;
  const others = losing.filter((record) => changes.isOn(record));
  if (percent === 100) {
    if (!changes.isOn(gain)) changes.status(gain, true);
    for (const record of others) changes.status(record, false);
    return;
  }
  const share = weights(percent, others.length);
  if (!(isFirst && isNew)) changes.weigh(gain, share.gain);
  for (const record of others) changes.weigh(record, share.lose);
  if (!changes.isOn(gain)) changes.status(gain, true);
}

function startLine(
  input: SwitchDns,
  estate: Estate,
  set: RecordSetRef,
  records: readonly DnsRecord[],
): Line | null {
  const { gaining, key, needs, ramp } = input;
  const target = dnsTargetOf(gaining);
  if (target === undefined) return null;
  const changes = new SetChanges(set, recordSetStateOf(estate, set), key, needs);
  const there = records.filter((r) => r.type === target.type && leadsTo(r, gaining));
  const found = there.find((r) => r.enabled) ?? there[0];
  const losing = records.filter((r) => r.enabled && r.type === target.type && !leadsTo(r, gaining));
  if (found !== undefined) return { changes, gain: found, isNew: false, losing };
  const first = ramp[0]?.percent ?? 100;
  const weight = first < 100 ? weights(first, losing.length).gain : null;
  const ttlS = losing[0]?.ttlS ?? recordTtlDefaultS;
  // Off at first, so that it answers nobody before its share is set; alone on its line it may as well be on.
  changes.create({ ...target, ttlS, weight, enabled: losing.length === 0 });
  return { changes, gain: { ...target, id: null }, isNew: true, losing };
}

/**
 * The DNS writes that move a name's share to a side, on every line that the name has, with a bake between two shares.
 * None at all where a line can't be moved so (`excludingRecords`): the preflight says so, and half a name is not moved.
 */
export function diffSwitchDns(estate: Estate, input: SwitchDns): Change[] {
  const { hostName, zone, gaining, ramp, key } = input;
  const records = addressRecordsOf(estate, hostName).filter((r) => r.zone === zone.name);
  if (excludingRecords(records, gaining).length > 0) return [];
  const names = new Map(records.map((r) => [r.lineId, r.line]));
  if (names.size === 0) names.set(defaultLine.id, defaultLineOf(estate, zone));
  const lines = [...names].flatMap(([lineId, line]) => {
    const subdomain = subdomainOf(hostName, zone.name);
    const set: RecordSetRef = { kind: 'recordSet', zone: zone.name, subdomain, lineId, line };
    return (
      startLine(
        input,
        estate,
        set,
        records.filter((r) => r.lineId === lineId),
      ) ?? []
    );
  });
  const oldTtlS = Math.max(0, ...records.filter((r) => r.enabled).map((r) => r.ttlS));
  const bakes: Change[] = [];
  ramp.forEach(({ percent, bakeS }, index) => {
    const before = lines.map(({ changes }) => changes.changes.length);
    for (const line of lines) toShare(line, percent, index === 0);
    const moved = lines.flatMap(({ changes }, i) =>
      changes.changes.slice(before[i]).map((change) => change.key),
    );
    if (index === ramp.length - 1 || moved.length === 0) return;
    const bake: Change = {
      kind: 'bake',
      key: `${key}.bake${index + 1}`,
      phase: 'divert',
      needs: moved,
      bakeS,
      oldTtlS,
    };
    bakes.push(bake);
    for (const { changes } of lines) changes.need([bake.key]);
  });
  return [...lines.flatMap(({ changes }) => changes.changes), ...bakes];
}
