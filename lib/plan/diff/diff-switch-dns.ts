import type { RampStep } from '@/lib/diversion/switch';
import { getDnsTarget, leadsTo } from '@/lib/estate/dns-target';
import { recordTtlDefaultS } from '@/lib/estate/facts/limits';
import type { DnsRecord, Estate, LoadBalancer } from '@/lib/estate/model';
import type { PlannedChange } from '@/lib/plan/model/change';
import { SetChanges, type SetRecord } from '@/lib/plan/model/set-changes';
import { excludingRecords, isFlip } from '@/lib/plan/model/switch-sides';
import {
  type DnsMove,
  diffDns,
  getOldTtl,
  listMovingLines,
  type MovingLine,
  restoreOldTtl,
  waitForOldTtl,
} from './diff-dns';

/** A name whose share of a side grows; `loadBalancer` is that of the gaining side. */
export type SwitchDns = DnsMove & { readonly ramp: readonly RampStep[] };

/** One line of the name: the records of the gaining side, the other answering records, and the writes so far. */
type Line = MovingLine & {
  readonly gain: SetRecord;
  readonly isNew: boolean;
  readonly losing: readonly DnsRecord[];
};

function weights(percent: number, losing: number): { readonly gain: number; readonly lose: number } {
  // Shares are weight ÷ sum of weights; each is 1 to 100.
  const lose = Math.max(1, Math.round((100 - percent) / Math.max(1, losing)));
  return { gain: percent, lose };
}

/**
 * Moves one line to a share. The gaining record is enabled before others are disabled, so the line always has an
 * answer.
 */
function toShare(line: Line, percent: number, isFirst: boolean): void {
  const { changes, gain, isNew, losing } = line;
  const others = losing.filter((record) => changes.isOn(record));
  if (percent === 100) {
    if (!changes.isOn(gain)) changes.status(gain, true);
    for (const record of others) changes.status(record, false);
    return;
  }
  // Alone on its line it has the full share, with any weight.
  if (others.length === 0 && changes.isOn(gain)) return;
  const share = weights(percent, others.length);
  // A rollback sets these weights again, and may not be able to remove them. The losing side comes first: if a record
  // with a weight gets all answers beside records without one, they still go to the current side.
  const all = [...others, gain];
  if (isFirst && changes.isOn(gain) && changes.areUnweighted(all)) changes.equalise(all);
  if (!(isFirst && isNew)) changes.weigh(gain, share.gain);
  for (const record of others) changes.weigh(record, share.lose);
  if (!changes.isOn(gain)) changes.status(gain, true);
}

/** Returns a line's current state, with the records of the gaining side. */
function getLine(records: readonly DnsRecord[], gaining: LoadBalancer) {
  const type = getDnsTarget(gaining)?.type;
  const there = records.filter((r) => r.type === type && leadsTo(r, gaining));
  const found = there.find((r) => r.enabled) ?? there[0];
  const losing = records.filter((r) => r.enabled && r.type === type && !leadsTo(r, gaining));
  return { found, losing };
}

function startLine({ records, changes }: MovingLine, input: SwitchDns): Line | null {
  const { loadBalancer, ramp, lowerTtlS } = input;
  const target = getDnsTarget(loadBalancer);
  if (target === undefined) return null;
  const { found, losing } = getLine(records, loadBalancer);
  if (found !== undefined) {
    // Its answers are cached for its TTL after a rollback.
    if (lowerTtlS !== null) changes.lowerTtlOf(found, lowerTtlS);
    return { records, changes, gain: found, isNew: false, losing };
  }
  const first = ramp[0]?.percent ?? 100;
  const weight = first < 100 ? weights(first, losing.length).gain : null;
  const [other] = losing;
  const own = other?.ttlS ?? recordTtlDefaultS;
  const ttlS = Math.min(own, lowerTtlS ?? own);
  // Disabled at first, so that it answers no query before its share is set, unless it is alone on its line. Beside
  // other records it ends with their TTL; a new name has no old TTL.
  const lasting = other === undefined ? ttlS : changes.getOriginalTtl(other);
  changes.create({ ...target, ttlS, weight, enabled: losing.length === 0 }, lasting);
  return { records, changes, gain: { ...target, id: null }, isNew: true, losing };
}

/** Returns the writes along the ramp, with a bake between two shares. */
function rampUp(
  lines: readonly Line[],
  { ramp, key, hostName, lowerTtlS }: SwitchDns,
): readonly PlannedChange[] {
  const served = getOldTtl(lines);
  const oldTtlS = Math.min(served, lowerTtlS ?? served);
  const bakes: PlannedChange[] = [];
  ramp.forEach(({ percent, bakeS }, index) => {
    const before = lines.map(({ changes }) => changes.changes.length);
    for (const line of lines) toShare(line, percent, index === 0);
    const moved = lines.flatMap(({ changes }, i) =>
      changes.changes.slice(before[i]).map((change) => change.key),
    );
    if (index === ramp.length - 1 || moved.length === 0) return;
    const bake: PlannedChange = {
      kind: 'bake',
      key: `${key}.bake${index + 1}`,
      phase: 'divert',
      name: hostName,
      percent,
      needs: moved,
      bakeS,
      oldTtlS,
    };
    bakes.push(bake);
    for (const { changes } of lines) changes.need([bake.key]);
  });
  return bakes;
}

function listMoves(estate: Estate, input: SwitchDns): PlannedChange[] {
  const { hostName, zone, key, needs, originalTtls } = input;
  const plain = listMovingLines(estate, hostName, zone).map(
    ({ set, records }): MovingLine => ({
      records,
      changes: new SetChanges(set, { records, key, needs, originalTtls }),
    }),
  );
  const wait = waitForOldTtl(plain, input);
  const lines = plain.flatMap((line) => startLine(line, input) ?? []);
  const bakes = rampUp(lines, input);
  const drain = restoreOldTtl(lines, input);
  return [...lines.flatMap(({ changes }) => changes.changes), ...wait, ...bakes, ...drain];
}

/**
 * Returns the DNS writes that move a name's share to a side, on every line of the name, with a bake between two shares.
 * If a line can't be moved this way (`excludingRecords`), a flip changes its record in place, as a Split does. A ramp
 * then moves nothing at all: the preflight reports it, and a name is never moved partially.
 */
export function diffSwitchDns(estate: Estate, input: SwitchDns): PlannedChange[] {
  const { hostName, zone, loadBalancer } = input;
  const records = listMovingLines(estate, hostName, zone).flatMap((line) => line.records);
  if (excludingRecords(records, loadBalancer).length > 0)
    return isFlip(input.ramp) ? diffDns(estate, input) : [];
  // A TTL is lowered only for a name that moves.
  const moves = listMoves(estate, { ...input, lowerTtlS: null });
  if (!moves.some(({ phase }) => phase === 'divert')) return moves.filter(({ phase }) => phase === 'drain');
  return input.lowerTtlS === null ? moves : listMoves(estate, input);
}
