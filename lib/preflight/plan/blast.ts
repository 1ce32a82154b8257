import { leadsTo } from '@/lib/estate/dns-target';
import { addressRecordTypes } from '@/lib/estate/look-up';
import type { Rule } from '@/lib/estate/model';
import type { RecordState } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput } from '@/lib/preflight/model/model';
import { movedNames, type WrittenSet, writtenSets } from '@/lib/preflight/model/record-sets';

const { pass, warn } = createFindings('blast', 'https://sre.google/workbook/canarying-releases/');

/** In an estate with fewer rules and records, any plan moves a large share. */
const objectsMin = 20;

const sameAnswer = (a: RecordState, b: RecordState) =>
  b.enabled && a.type === b.type && a.value === b.value && a.weight === b.weight;

/** Counts records that answer before the plan and differently after it; a TTL moves no client. */
function changedRecords({ states }: WrittenSet): number {
  const last = states.at(-1)?.records ?? [];
  const answering = states[0]?.records.filter(({ enabled }) => enabled) ?? [];
  return answering.filter((record) => !last.some((other) => sameAnswer(record, other))).length;
}

/** Returns the load balancers in the answers for the moved names before the plan. */
function servedBefore(input: CheckInput): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    movedNames(input).map(({ hostName, sets }) => {
      const answering = sets.flatMap(
        ({ states }) => states[0]?.records.filter(({ enabled }) => enabled) ?? [],
      );
      const serving = input.before.loadBalancers.filter((lb) => answering.some((r) => leadsTo(r, lb)));
      return [hostName, new Set<string>(serving.map(({ id }) => id))];
    }),
  );
}

/** Counts rules that the plan writes to, and those that answer for names which it moves away from them. */
function movedRules(input: CheckInput): number {
  const served = servedBefore(input);
  const written = new Set(
    input.steps.flatMap((step) =>
      step.kind === 'write' && step.object.kind === 'rule' ? [objectKey(step.object)] : [],
    ),
  );
  const refs = input.routes.map(({ ref }) => ref).filter((ref) => written.has(objectKey(ref)));
  const listeners = new Set<string>(refs.map(({ listenerId }) => listenerId));
  const isWritten = ({ listenerId, domains, url }: Rule) =>
    listeners.has(listenerId) &&
    refs.some((ref) => ref.listenerId === listenerId && ref.url === url && domains.includes(ref.domain));
  const isLeft = ({ domains, loadBalancerId }: Rule) =>
    domains.some((domain) => served.get(domain)?.has(loadBalancerId));
  return input.before.rules.filter((rule) => isLeft(rule) || isWritten(rule)).length;
}

/**
 * Checks how much of an estate one plan moves: forwarding rules, and answering records. A large share at once is better
 * moved in several plans, each with its own probes.
 */
export const checkBlast: Check = (input) => {
  const { rules, records } = input.before;
  const answering = records.filter(
    ({ enabled, type }) => enabled && addressRecordTypes.includes(type),
  ).length;
  const moved = {
    rules: movedRules(input),
    records: writtenSets(input.steps).reduce((sum, set) => sum + changedRecords(set), 0),
  };
  const max = input.conditions.maxSharePercent;
  const toShare = (part: number, whole: number) => (whole === 0 ? 0 : (part / whole) * 100);
  const share = Math.max(toShare(moved.rules, rules.length), toShare(moved.records, answering));
  const values = { ...moved, allRules: rules.length, allRecords: answering, max, share: Math.round(share) };
  const found = { field: null, objects: [], values };
  const isWide = rules.length + answering >= objectsMin && share > max;
  return [isWide ? warn({ ...found, why: 'wide' }) : pass({ ...found, why: 'pass' })];
};
