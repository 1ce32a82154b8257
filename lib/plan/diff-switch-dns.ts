import type { RampStep } from '@/lib/diversion/switch';
import { recordTtlDefaultS } from '@/lib/estate/limits';
import { dnsTargetOf, isOtherFamily, leadsTo } from '@/lib/estate/look-up';
import type { DnsRecord, Estate, LoadBalancer } from '@/lib/estate/model';
import type { Change } from './change';
import { type DnsMove, diffDns, linesOf } from './diff-dns';
import { type MovingLine, oldTtlOf, restoreOldTtl, waitForOldTtl } from './old-ttl';
import { SetChanges, type SetRecord } from './set-changes';

/** A name whose share of a side grows; `loadBalancer` is that of the side that is moved to. */
export type SwitchDns = DnsMove & { readonly ramp: readonly RampStep[] };

/** One line of the name: what leads to the gaining side, what else answers, and the writes so far. */
type Line = MovingLine & {
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
  return records.filter((r) => r.enabled && !isOtherFamily(r, target) && r.type !== target?.type);
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
  // Alone on its line it has all of it, whatever its weight.
  if (others.length === 0 && changes.isOn(gain)) return;
  const share = weights(percent, others.length);
  // A rollback comes by these weights again, and may have to leave them. The losing side first: should a weight beside none
  // draw all answers, it draws them to where they go now.
  const all = [...others, gain];
  if (isFirst && changes.isOn(gain) && changes.areUnweighted(all)) changes.equalise(all);
  if (!(isFirst && isNew)) changes.weigh(gain, share.gain);
  for (const record of others) changes.weigh(record, share.lose);
  if (!changes.isOn(gain)) changes.status(gain, true);
}

/** A line as it stands, with what leads to the gaining side. */
function lineOf(records: readonly DnsRecord[], gaining: LoadBalancer) {
  const type = dnsTargetOf(gaining)?.type;
  const there = records.filter((r) => r.type === type && leadsTo(r, gaining));
  const found = there.find((r) => r.enabled) ?? there[0];
  const losing = records.filter((r) => r.enabled && r.type === type && !leadsTo(r, gaining));
  return { found, losing };
}

function startLine({ records, changes }: MovingLine, input: SwitchDns): Line | null {
  const { loadBalancer, ramp, lowerTtlS } = input;
  const target = dnsTargetOf(loadBalancer);
  if (target === undefined) return null;
  const { found, losing } = lineOf(records, loadBalancer);
  if (found !== undefined) return { records, changes, gain: found, isNew: false, losing };
  const first = ramp[0]?.percent ?? 100;
  const weight = first < 100 ? weights(first, losing.length).gain : null;
  const own = losing[0]?.ttlS ?? recordTtlDefaultS;
  const ttlS = Math.min(own, lowerTtlS ?? own);
  // Off at first, so that it answers nobody before its share is set; alone on its line it may as well be on.
  // Beside others it takes their TTL in the end; one of a new name has no old TTL.
  const lasting = losing.length === 0 ? ttlS : own;
  changes.create({ ...target, ttlS, weight, enabled: losing.length === 0 }, lasting);
  return { records, changes, gain: { ...target, id: null }, isNew: true, losing };
}

/** The writes along the ramp, with a bake between two shares. */
function rampUp(lines: readonly Line[], { ramp, key, lowerTtlS }: SwitchDns): readonly Change[] {
  const served = oldTtlOf(lines);
  const oldTtlS = Math.min(served, lowerTtlS ?? served);
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
  return bakes;
}

function movesOf(estate: Estate, input: SwitchDns): Change[] {
  const { hostName, zone, key, needs, lowerTtlS } = input;
  const plain = linesOf(estate, hostName, zone).map(
    ({ set, records }): MovingLine => ({
      records,
      changes: new SetChanges(set, records, key, needs),
    }),
  );
  const wait = waitForOldTtl(plain, lowerTtlS, key);
  const lines = plain.flatMap((line) => startLine(line, input) ?? []);
  const bakes = rampUp(lines, input);
  const drain = restoreOldTtl(lines, input);
  return [...lines.flatMap(({ changes }) => changes.changes), ...wait, ...bakes, ...drain];
}

/** Returns whether a ramp moves all at once. */
export function isFlip(ramp: readonly Pick<RampStep, 'percent'>[]): boolean {
  return ramp.length === 1 && ramp[0]?.percent === 100;
}

/**
 * The DNS writes that move a name's share to a side, on every line that the name has, with a bake between two shares.
 * Where a line can't be moved so (`excludingRecords`), all at once changes its record in place, as a Split does; shares move
 * nothing at all: the preflight says so, and half a name is not moved.
 */
export function diffSwitchDns(estate: Estate, input: SwitchDns): Change[] {
  const { hostName, zone, loadBalancer } = input;
  const records = linesOf(estate, hostName, zone).flatMap((line) => line.records);
  if (excludingRecords(records, loadBalancer).length > 0)
    return isFlip(input.ramp) ? diffDns(estate, input) : [];
  // A TTL is lowered only for a name that moves.
  const moves = movesOf(estate, { ...input, lowerTtlS: null });
  return moves.length === 0 || input.lowerTtlS === null ? moves : movesOf(estate, input);
}
