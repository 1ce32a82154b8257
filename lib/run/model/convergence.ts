import { isIpAddress, plainAddress } from '@/lib/estate/address';
import { getHostName } from '@/lib/estate/look-up';
import type { RecordSetState, RecordState } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import type { WriteStep } from '@/lib/plan/model/model';
import { movesName } from './drain';
import { foldRun, type RunRecord } from './fold-run';
import type { Direction } from './model';

/*
 * The DNS names that a run moves, and the share of the vantage points that answer what DNS serves now. Pure. A vantage
 * point is a resolver that the worker asks, or an agent in another network.
 */

/** The answer of a vantage point for a name. */
export type DnsAnswer = {
  readonly name: string;
  readonly at: string;
  /** The records of the name itself: addresses, or the name that it points to. null = no usable answer. */
  readonly values: readonly string[] | null;
  /** The remaining time for which the vantage point may repeat this answer, in seconds; null = it has none. */
  readonly ttlS: number | null;
  /** The reason why there is no usable answer. */
  readonly failure: string | null;
  /** True if the server is authoritative for the name: the answer is not from a cache. */
  readonly isAuthoritative?: boolean;
  /** The time until which the vantage point repeats this answer, as an ISO instant; absent = unknown. */
  readonly heldUntil?: string;
};

/** The result of an agent's HTTP request. */
export type HttpAnswer = {
  readonly url: string;
  readonly passed: boolean;
  readonly status: number | null;
  readonly latencyMs: number;
  readonly failure: string | null;
};

/** `own`: a resolver of the account; `resolver`: one of the settings; `agent`: the resolver of an agent's network. */
export const vantagePointKinds = ['own', 'resolver', 'agent'] as const;
export type VantagePointKind = (typeof vantagePointKinds)[number];

/** The newest answers of a vantage point. */
export type VantageReport = {
  readonly kind: VantagePointKind;
  readonly name: string;
  /** Of the resolver; null = unknown. */
  readonly address: string | null;
  /** Of the newest answer. */
  readonly at: string;
  readonly dns: readonly DnsAnswer[];
  readonly http: readonly HttpAnswer[];
  /** Its answers by side, as a sample of the split. */
  readonly counts: readonly AnswerCount[];
};

/** A name that a run has moved, with the values that its records have in each state of the plan. */
export type ConvergingName = {
  readonly name: string;
  /** The account of its zone. */
  readonly connectionId: string;
  readonly type: 'A' | 'AAAA';
  /** The values that DNS serves now. */
  readonly served: readonly string[];
  /** All values of the plan's states, with '' for a state in which the name has no record. */
  readonly known: readonly string[];
  /** The longest TTL of these records, in seconds. */
  readonly ttlS: number;
};

/**
 * `current`: all that DNS serves now; `stale`: an earlier or a later state of the plan; `other`: something else;
 * `silent`: no usable answer.
 */
export type AnswerVerdict = 'current' | 'stale' | 'other' | 'silent';

/** The counted answers of all vantage points at a time. */
export type ConvergencePoint = { readonly at: string } & Readonly<Record<AnswerVerdict, number>>;

/** An answer that is older is not counted, and shown as out of date, in ms. */
const vantageFreshMs = 180_000;
/** The maximum number of names that vantage points are asked for. */
export const askedNamesMax = 50;
/** The minimum time for which vantage points are asked after the end of a run, in seconds. */
const afterEndS = 60;

/** Normalizes the value of an address record or a CNAME for comparison. */
export function plainRecordValue(value: string): string {
  return isIpAddress(value) ? plainAddress(value) : value.toLowerCase().replace(/\.$/, '');
}

const listServed = (state: RecordSetState): readonly RecordState[] =>
  state.records.filter(({ enabled }) => enabled);
const listValues = (state: RecordSetState): readonly string[] =>
  listServed(state).map(({ value }) => plainRecordValue(value));

type NameWrite = { readonly step: WriteStep; readonly direction: Direction; readonly name: string };

/** Returns whether a write changes what DNS answers: not one that only adds or removes a disabled record. */
function changesAnswers({ before, after }: WriteStep): boolean {
  if (before.kind !== 'recordSet' || after.kind !== 'recordSet') return false;
  const [was, is] = [listValues(before), listValues(after)];
  return was.length !== is.length || was.some((value) => !is.includes(value));
}

/** Returns the writes of a plan that move names, with the name of each. */
export function listNameWrites({ plan }: Pick<RunRecord, 'plan'>): readonly NameWrite[] {
  const pick = (steps: readonly RunRecord['plan']['steps'][number][], direction: Direction) =>
    steps.flatMap((step) =>
      movesName(step) && step.object.kind === 'recordSet'
        ? [{ step, direction, name: getHostName(step.object) }]
        : [],
    );
  return [...pick(plan.steps, 'apply'), ...pick(plan.rollback, 'rollback')];
}

/** A change of what DNS answers that the cloud has accepted, or whose effect was read. */
type AppliedWrite = NameWrite & { readonly at: string };

function listApplied(run: Pick<RunRecord, 'plan' | 'events'>): readonly AppliedWrite[] {
  const writes = listNameWrites(run);
  return run.events.flatMap((event): readonly AppliedWrite[] => {
    const isIn = event.type === 'accepted' || (event.type === 'stepDone' && event.outcome !== 'notOurs');
    if (!isIn) return [];
    const write = writes.find(
      ({ step, direction }) => direction === event.direction && step.id === event.stepId,
    );
    return write === undefined || !changesAnswers(write.step) ? [] : [{ ...write, at: event.at }];
  });
}

type SetStates = {
  readonly name: string;
  readonly connectionId: string;
  served: readonly string[];
  readonly known: Set<string>;
  readonly records: RecordState[];
  isMoved: boolean;
};

/**
 * Returns the names that a run has moved so far, each once, with what DNS serves for them now. Of a name with several
 * lines, the values of all lines count. A name of a later wave has not moved yet.
 * @param run with all known placeholders replaced in its plan
 */
export function listConvergingNames(run: Pick<RunRecord, 'plan' | 'events'>): readonly ConvergingName[] {
  const sets = new Map<string, SetStates>();
  for (const { step } of listNameWrites(run)) {
    const { object, before, after } = step;
    if (object.kind !== 'recordSet' || before.kind !== 'recordSet' || after.kind !== 'recordSet') continue;
    const key = objectKey(object);
    const set = sets.get(key) ?? {
      name: getHostName(object),
      connectionId: object.connectionId ?? run.plan.connectionId,
      served: listValues(before),
      known: new Set<string>(),
      records: [],
      isMoved: false,
    };
    for (const state of [before, after]) {
      const values = listValues(state);
      for (const value of values.length === 0 ? [''] : values) set.known.add(value);
      set.records.push(...listServed(state));
    }
    sets.set(key, set);
  }
  for (const { step } of listApplied(run)) {
    const set = sets.get(objectKey(step.object));
    if (set === undefined || step.after.kind !== 'recordSet') continue;
    set.served = listValues(step.after);
    set.isMoved = true;
  }
  const names = new Map<string, ConvergingName>();
  const moved = new Set([...sets.values()].flatMap((set) => (set.isMoved ? [set.name] : [])));
  for (const { name, connectionId, served, known, records } of sets.values()) {
    if (!moved.has(name)) continue;
    const other = names.get(name);
    const ttlS = Math.max(0, other?.ttlS ?? 0, ...records.map((record) => record.ttlS));
    const hasOnlySix = records.length > 0 && records.every(({ type }) => type === 'AAAA');
    names.set(name, {
      name,
      connectionId,
      type: hasOnlySix && other?.type !== 'A' ? 'AAAA' : 'A',
      served: [...new Set([...(other?.served ?? []), ...served])],
      known: [...new Set([...(other?.known ?? []), ...known])],
      ttlS,
    });
  }
  return [...names.values()];
}

/** Compares an answer with what DNS serves now. */
export function judgeDnsAnswer(
  { served, known }: Pick<ConvergingName, 'served' | 'known'>,
  { values }: Pick<DnsAnswer, 'values'>,
): AnswerVerdict {
  if (values === null) return 'silent';
  const found = values.map(plainRecordValue);
  const isCurrent = found.length === 0 ? served.length === 0 : found.every((value) => served.includes(value));
  if (isCurrent) return 'current';
  return (found.length === 0 ? [''] : found).every((value) => known.includes(value)) ? 'stale' : 'other';
}

/** Returns whether an answer, or the newest of a vantage point, is new enough to be counted. */
export function isFreshAnswer({ at }: { readonly at: string }, now: Date): boolean {
  return now.getTime() - Date.parse(at) <= vantageFreshMs;
}

/** Counts the newest answers of all vantage points, of those that are up to date. */
export function countAnswers(
  names: readonly ConvergingName[],
  reports: readonly VantageReport[],
  now: Date,
): ConvergencePoint {
  const counts = { current: 0, stale: 0, other: 0, silent: 0 };
  const byName = new Map(names.map((name) => [name.name, name]));
  for (const answer of reports.flatMap(({ dns }) => dns)) {
    const name = byName.get(answer.name);
    if (name !== undefined && isFreshAnswer(answer, now)) counts[judgeDnsAnswer(name, answer)] += 1;
  }
  return { at: now.toISOString(), ...counts };
}

/** Returns the share of the usable answers that are current, in %; null = no answer is usable. */
export function getConvergence({
  current,
  stale,
  other,
}: Pick<ConvergencePoint, 'current' | 'stale' | 'other'>): number | null {
  const answered = current + stale + other;
  // Multiplied first: 29 of 100 are 29 %, without an error of the arithmetic.
  return answered === 0 ? null : (100 * current) / answered;
}

/** Returns the share of the last count that has any usable answer, in %; null = no count has one. */
export function getLastConvergence(points: readonly ConvergencePoint[]): number | null {
  const last = points.findLast((point) => getConvergence(point) !== null);
  return last === undefined ? null : getConvergence(last);
}

/**
 * Returns whether vantage points are asked about a run now: from the first change of DNS until its old answers have
 * drained. A rollback that unbinds something drains within the run; otherwise answers may be cached for their TTL.
 * @param names that it has moved
 */
export function isConverging(run: RunRecord, names: readonly ConvergingName[], now: Date): boolean {
  if (names.length === 0) return false;
  const { state, endedAt } = foldRun(run);
  if (endedAt === null || state === 'stopped') return true;
  const hasDrained = state === 'rolledBack' && run.plan.rollback.some(({ kind }) => kind === 'drain');
  const ttlS = hasDrained ? 0 : 2 * Math.max(...names.map((name) => name.ttlS));
  return now.getTime() - Date.parse(endedAt) < Math.max(afterEndS, ttlS) * 1000;
}

/** The shares of answers whose time is reported, in %. */
export const milestones = [50, 90, 99, 100] as const;

/**
 * A change of DNS in one direction, and the time from which on at least this share of the answers was current, in ms;
 * null = at the last count, less was.
 */
export type ConvergenceTimes = {
  readonly direction: Direction;
  readonly at: string;
  readonly reachedMs: Readonly<Record<(typeof milestones)[number], number | null>>;
};

/**
 * Returns how long it took until the answers were current, and stayed so: after the last change of DNS on apply, and
 * after that of the rollback. The first counts may have the answers of only some vantage points.
 * @param points oldest first
 */
export function listConvergences(
  run: Pick<RunRecord, 'plan' | 'events'>,
  points: readonly ConvergencePoint[],
): readonly ConvergenceTimes[] {
  const applied = listApplied(run);
  const moves = (['apply', 'rollback'] as const).flatMap((direction) => {
    const last = applied.findLast((write) => write.direction === direction);
    return last === undefined ? [] : [{ direction, at: last.at }];
  });
  return moves.map(({ direction, at }) => {
    const endAt = moves.find((other) => other.at > at)?.at ?? '9999';
    const own = points.flatMap((point) => {
      const share = getConvergence(point);
      return share !== null && point.at >= at && point.at < endAt ? [{ at: point.at, share }] : [];
    });
    const reach = (percent: number) => {
      const reached = own[own.findLastIndex(({ share }) => share < percent) + 1];
      return reached === undefined ? null : Date.parse(reached.at) - Date.parse(at);
    };
    return {
      direction,
      at,
      reachedMs: { 50: reach(50), 90: reach(90), 99: reach(99), 100: reach(100) },
    };
  });
}

/** The counted answers of a vantage point while the function was to get this share, of all names. */
export type AnswerCount = {
  /** From 0 to 1. */
  readonly intended: number;
  readonly function: number;
  readonly cvm: number;
  /** Of the newest of them, as an ISO instant. */
  readonly at: string;
};
