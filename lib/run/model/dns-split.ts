import type { SwitchSide } from '@/lib/diversion/switch';
import { isPublicAddress, parseEndpoint } from '@/lib/estate/address';
import type { RecordSetState } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import { type ShareTest, testShare } from '@/lib/statistics/binomial';
import {
  type AnswerCount,
  type DnsAnswer,
  listNameWrites,
  plainRecordValue,
  type VantageReport,
} from './convergence';
import type { RunRecord } from './fold-run';

/*
 * The DNS answers of vantage points as a sample of the split of a Switch by weights. Pure. Answers of one cache are the
 * same until they expire, so that each counts once.
 */

/** A share of a name, from the last write that set it on. */
type SplitStage = {
  /** Epoch ms. */
  readonly atMs: number;
  /** The share of the answers that lead to the function, by the weights, from 0 to 1; null = its lines differ. */
  readonly intended: number | null;
  /** The values that DNS answers, each with the TTL of its record. */
  readonly answers: readonly { readonly value: string; readonly ttlS: number }[];
};

/** A name that a run moves by weights: its values by side, and its shares so far, oldest first. */
export type SplitName = {
  readonly name: string;
  readonly sides: ReadonlyMap<string, SwitchSide>;
  readonly stages: readonly SplitStage[];
};

/** DNS servers of a provider apply a change within some seconds (an assumption): what is cached earlier may be older. */
const settleMs = 10_000;
/** The TTL that a cache returns is in whole seconds. */
const roundingMs = 1000;
/** Answers of one cache to two agents end within this time of each other: TTLs are rounded, and reports take a while. */
const sharedMs = 2500;
/** Shares of two lines that differ by less are the same: weights are whole numbers. */
const sameShare = 0.01;
const dnsPort = 53;

/** Returns the share of a record set's answers that some values have: by weight, or equally without weights. */
function getAnswerShare({ records }: RecordSetState, isCounted: (value: string) => boolean): number {
  const served = records.filter(({ enabled }) => enabled);
  const weigh = (weight: number | null) =>
    served.some((each) => (each.weight ?? 0) > 0) ? (weight ?? 0) : 1;
  const [part, all] = served.reduce(
    ([own, sum], { value, weight }) => [
      own + (isCounted(plainRecordValue(value)) ? weigh(weight) : 0),
      sum + weigh(weight),
    ],
    [0, 0],
  );
  return all === 0 ? 0 : part / all;
}

type Line = {
  readonly first: RecordSetState;
  last: RecordSetState;
  current: RecordSetState;
};

const listAnswers = (lines: readonly Line[]): SplitStage['answers'] =>
  lines.flatMap(({ current }) =>
    current.records.flatMap(({ enabled, value, ttlS }) =>
      enabled ? [{ value: plainRecordValue(value), ttlS }] : [],
    ),
  );

/** Returns whether a share is that of before, with the same TTLs: the read that confirms a write begins no new one. */
const isSameStage = (stage: SplitStage, before: SplitStage | undefined) =>
  stage.intended === before?.intended && JSON.stringify(stage.answers) === JSON.stringify(before.answers);

/** Returns the values of a name by side: the side that traffic moves to is the one whose share grows. */
function findSides(lines: readonly Line[], toward: SwitchSide): ReadonlyMap<string, SwitchSide> {
  const other: SwitchSide = toward === 'cvm' ? 'function' : 'cvm';
  const sides = new Map<string, SwitchSide>();
  for (const { first, last } of lines)
    for (const { value: text } of [...first.records, ...last.records]) {
      const value = plainRecordValue(text);
      const isOwn = (each: string) => each === value;
      if (getAnswerShare(last, isOwn) > getAnswerShare(first, isOwn)) sides.set(value, toward);
      else if (!sides.has(value)) sides.set(value, other);
    }
  return sides;
}

/**
 * Returns the names that a run moves by weights, with their shares so far. A change of a record in place has none.
 * @param run with all known placeholders replaced in its plan
 */
export function listSplitNames(run: Pick<RunRecord, 'plan' | 'events'>): readonly SplitName[] {
  const { diversion } = run.plan;
  if (diversion.kind !== 'switch') return [];
  const writes = listNameWrites(run);
  const names = new Map<string, Map<string, Line>>();
  for (const { step, direction, name } of writes) {
    const { object, before, after } = step;
    if (direction !== 'apply' || before.kind !== 'recordSet' || after.kind !== 'recordSet') continue;
    const lines = names.get(name) ?? new Map<string, Line>();
    names.set(name, lines);
    const line = lines.get(objectKey(object));
    if (line === undefined) lines.set(objectKey(object), { first: before, last: after, current: before });
    else line.last = after;
  }
  const stages = new Map<string, SplitStage[]>();
  for (const event of run.events) {
    const isIn = event.type === 'accepted' || (event.type === 'stepDone' && event.outcome !== 'notOurs');
    if (!isIn) continue;
    const write = writes.find(
      ({ step, direction }) => direction === event.direction && step.id === event.stepId,
    );
    const lines = names.get(write?.name ?? '');
    const line = write && lines?.get(objectKey(write.step.object));
    if (write === undefined || lines === undefined || line === undefined) continue;
    if (write.step.after.kind !== 'recordSet') continue;
    line.current = write.step.after;
    const all = [...lines.values()];
    const sides = findSides(all, diversion.toward);
    const shares = all.map(({ current }) =>
      getAnswerShare(current, (value) => sides.get(value) === 'function'),
    );
    const [intended = 0] = shares;
    const isOne = shares.every((share) => Math.abs(share - intended) < sameShare);
    const stage = {
      atMs: Date.parse(event.at),
      intended: isOne ? intended : null,
      answers: listAnswers(all),
    };
    stages.set(write.name, [...(stages.get(write.name) ?? []), stage]);
  }
  return [...names].flatMap(([name, lines]) => {
    const own = stages.get(name) ?? [];
    const changes = own.filter((stage, index) => !isSameStage(stage, own[index - 1]));
    return changes.length === 0
      ? []
      : [{ name, sides: findSides([...lines.values()], diversion.toward), stages: changes }];
  });
}

/** Returns whether a share leaves both sides some traffic, so that answers are a sample of it. */
const isSplit = (intended: number | null): intended is number =>
  intended !== null && intended > 0 && intended < 1;

/** Returns whether a name is split between its sides now. */
export function isSplitNow({ stages }: SplitName): boolean {
  return isSplit(stages.at(-1)?.intended ?? null);
}

type Draw = { readonly stage: SplitStage; readonly atMs: number; readonly ageS: number };

/**
 * Returns the times at which an answer may have been drawn, each with the share of that time. A cached answer is as old
 * as the part of its record's TTL that is over. With more than that TTL, its age is unknown.
 */
function listDraws({ stages }: SplitName, answer: DnsAnswer): readonly Draw[] {
  const atMs = Date.parse(answer.at);
  const values = new Set(answer.values?.map(plainRecordValue));
  return stages.flatMap((stage, index) => {
    const endMs = stages[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    const ttls = stage.answers.flatMap(({ value, ttlS }) => (values.has(value) ? [ttlS] : []));
    const ages = answer.isAuthoritative === true ? [0] : ttls.map((ttlS) => ttlS - (answer.ttlS ?? 0));
    return [...new Set(ages)].flatMap((ageS) => {
      const drawn = { stage, ageS, atMs: atMs - ageS * 1000 };
      // The first share has the TTLs of before as well: an answer that may be older is not clear.
      const isAfterStart = index === 0 || stage.atMs <= drawn.atMs;
      return ageS >= 0 && isAfterStart && drawn.atMs < endMs ? [drawn] : [];
    });
  });
}

/** Returns the share for which a new answer is a draw; null = of none, or its time can't be told. */
function findIntended(name: SplitName, answer: DnsAnswer): number | null {
  if (answer.isAuthoritative !== true && answer.ttlS === null) return null;
  const draws = listDraws(name, answer);
  const intended = draws[0]?.stage.intended ?? null;
  const isClear = draws.every(
    ({ stage, atMs, ageS }) =>
      stage.intended === intended &&
      stage.atMs + settleMs <= atMs &&
      // One of several caches holds an answer with a long TTL more often than one with a short TTL. Both are as often
      // younger than the shortest TTL.
      ageS < Math.min(...stage.answers.map(({ ttlS }) => ttlS)),
  );
  return isClear && isSplit(intended) ? intended : null;
}

type Drawn = {
  readonly answer: DnsAnswer;
  readonly intended: number | null;
  readonly side: SwitchSide | null;
};

/**
 * Judges an answer: its share and side if it is a new draw.
 * @param elsewhere the newest answers for the name that may be from the same cache
 */
function draw(
  before: DnsAnswer | undefined,
  answer: DnsAnswer,
  names: readonly SplitName[],
  elsewhere: readonly DnsAnswer[],
): Drawn {
  const heldUntil = before?.heldUntil ?? null;
  const heldMs = heldUntil === null ? Number.NEGATIVE_INFINITY : Date.parse(heldUntil);
  const atMs = Date.parse(answer.at);
  const untilMs = atMs + (answer.ttlS ?? 0) * 1000;
  // In its last second, the answer of before may have expired already. One that ends when that does is the same.
  const isSame = untilMs <= heldMs + roundingMs;
  const isHeld =
    answer.isAuthoritative !== true &&
    heldUntil !== null &&
    (atMs < heldMs - roundingMs || (atMs < heldMs && isSame));
  const name = names.find((each) => each.name === answer.name);
  if (isHeld || answer.values === null || name === undefined)
    return { answer: isHeld ? { ...answer, heldUntil } : answer, intended: null, side: null };
  const sides = new Set(answer.values.map((value) => name.sides.get(plainRecordValue(value)) ?? null));
  const [side = null] = sides;
  // Whatever its value is: otherwise answers that differ would count more often than those that agree.
  const isKnown =
    answer.isAuthoritative !== true &&
    elsewhere.some(({ heldUntil: until }) => Math.abs(Date.parse(until ?? '') - untilMs) <= sharedMs);
  return {
    answer: { ...answer, heldUntil: new Date(untilMs).toISOString() },
    intended: isKnown ? null : findIntended(name, answer),
    // An answer with values of both sides, or of none, is no draw.
    side: sides.size === 1 ? side : null,
  };
}

/**
 * Adds the new answers of a vantage point to those that it has given. An answer from a cache counts once, however often
 * it is repeated until it expires; each answer of a server that is authoritative for the name counts.
 * @param sharing vantage points that may have the same cache: an answer that ends when one of theirs does has counted
 */
export function addAnswers(
  before: Pick<VantageReport, 'dns' | 'counts'> | undefined,
  answers: readonly DnsAnswer[],
  names: readonly SplitName[],
  sharing: readonly Pick<VantageReport, 'dns'>[] = [],
): Pick<VantageReport, 'dns' | 'counts'> {
  const counts = [...(before?.counts ?? [])];
  const dns = answers.map((each) => {
    const { answer, intended, side } = draw(
      before?.dns.find(({ name }) => name === each.name),
      each,
      names,
      sharing.flatMap((other) => other.dns.filter((known) => known.name === each.name)),
    );
    if (intended === null || side === null) return answer;
    const index = counts.findIndex((count) => Math.abs(count.intended - intended) < sameShare / 2);
    const old = counts[index] ?? { intended, function: 0, cvm: 0, at: each.at };
    const sum = { ...old, [side]: old[side] + 1, at: each.at };
    if (index < 0) counts.push(sum);
    else counts[index] = sum;
    return answer;
  });
  return { dns, counts };
}

/** The share of the function in the answers of vantage points, compared with the weights. */
export type DnsSplit = SplitTest & {
  /** The number of resolvers that the answers are from. */
  readonly resolvers: number;
};

/**
 * Identifies the resolver of a vantage point. A private address, such as that of a router, is another resolver in each
 * agent's network; a public one is the same everywhere, and the worker asks from one network.
 */
function identifyResolver({ kind, name, address }: Pick<VantageReport, 'kind' | 'name' | 'address'>): string {
  const host = address === null ? null : (parseEndpoint(address, dnsPort)?.host ?? null);
  const isShared = host !== null && (kind !== 'agent' || isPublicAddress(host));
  return isShared ? `${address}` : `${kind} ${name} ${address}`;
}

/**
 * Lists the other agents that may have the resolver of one: those with its private address. Routers in different networks
 * have the same, so that only the answers tell. A public address is one resolver anyway.
 */
export function listSharingAgents<Agent extends Pick<VantageReport, 'name' | 'address'>>(
  agents: readonly Agent[],
  { name, address }: Pick<VantageReport, 'name' | 'address'>,
): readonly Agent[] {
  const host = address === null ? null : (parseEndpoint(address, dnsPort)?.host ?? null);
  if (host === null || isPublicAddress(host)) return [];
  return agents.filter((other) => other.name !== name && other.address === address);
}

/** Returns the vantage points of different resolvers: of those that share one, the one that has counted the most. */
function listResolvers(reports: readonly VantageReport[], intended: number): readonly AnswerCount[] {
  const found = new Map<string, AnswerCount>();
  for (const report of reports) {
    const count = report.counts.find((each) => Math.abs(each.intended - intended) < sameShare / 2);
    const key = identifyResolver(report);
    const other = found.get(key);
    const size = (each: AnswerCount) => each.function + each.cvm;
    if (count !== undefined && (other === undefined || size(other) < size(count))) found.set(key, count);
  }
  return [...found.values()];
}

function testAnswers(reports: readonly VantageReport[], intended: number): DnsSplit | null {
  const counts = listResolvers(reports, intended);
  const sum = (side: SwitchSide) => counts.reduce((total, count) => total + count[side], 0);
  const test = testShare(sum('function'), sum('function') + sum('cvm'), intended);
  const at = counts
    .map((count) => count.at)
    .toSorted()
    .at(-1);
  return test === null || at === undefined ? null : { ...test, intended, at, resolvers: counts.length };
}

/** Returns the shares of all names, the newest first, each once. */
function listIntended(names: readonly SplitName[]): readonly number[] {
  const stages = names.flatMap((name) => name.stages).toSorted((a, b) => b.atMs - a.atMs);
  return [...new Set(stages.flatMap(({ intended }) => (isSplit(intended) ? [intended] : [])))];
}

/**
 * Returns the comparison of the newest share with answers: once nothing is split any more, of the last one that was.
 */
export function findDnsSplit(
  reports: readonly VantageReport[],
  names: readonly SplitName[],
): DnsSplit | null {
  for (const intended of listIntended(names)) {
    const split = testAnswers(reports, intended);
    if (split !== null) return split;
  }
  return null;
}

/** Returns the comparison for the share that applies now, to the name that was changed last; null = none is split. */
export function compareDnsSplit(
  reports: readonly VantageReport[],
  names: readonly SplitName[],
): DnsSplit | null {
  const newest = names
    .flatMap(({ stages }) => stages.at(-1) ?? [])
    .toSorted((a, b) => b.atMs - a.atMs)
    .at(0);
  return isSplit(newest?.intended ?? null) ? testAnswers(reports, newest?.intended ?? 0) : null;
}

/** A measured share of the function, compared with the intended one. */
export type SplitTest = ShareTest & {
  /** The end of the measured minute, or the newest answer, as an ISO instant. */
  readonly at: string;
  /** From 0 to 1. */
  readonly intended: number;
};
