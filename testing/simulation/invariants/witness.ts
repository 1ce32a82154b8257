import type { WriteCall } from '@/lib/estate/call';
import { getHostName } from '@/lib/estate/look-up';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { objectKey, sameState } from '@/lib/estate/object-state';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import type { Direction, RunEvent, RunState } from '@/lib/run/model/model';
import { bindPlan } from '@/lib/run/model/placeholders';
import { findCallObject } from '@/testing/simulation/cloud/find-call-object';
import { getWrite, listWrites } from '@/testing/simulation/cloud/list-writes';
import type { CloudObserver } from '@/testing/simulation/cloud/model-cloud';
import { readObject, type Stock } from '@/testing/simulation/cloud/stock';

/** A write when it was sent to the cloud. Times are real elapsed time, in ms. */
export type Sent = {
  readonly id: string;
  readonly call: WriteCall;
  /** The step of the call; null when the plan has no such step. */
  readonly step: WriteStep | null;
  readonly direction: Direction;
  readonly fence: number;
  readonly atMs: number;
  /** The last read of the object before the write, and how often others had changed it by then. */
  readonly read: Known | null;
  /** The number of events in the journal by then. */
  readonly events: number;
  /** Until when clients were sent to its object, as far as the run could know; null = not by this run. */
  readonly servedMs: number | null;
};

type Known = {
  readonly atMs: number;
  readonly edits: number;
  /** The number of changes by others to anything. */
  readonly allEdits: number;
  readonly events: number;
};

/** One observation. */
export type Fact =
  | { readonly kind: 'event'; readonly event: RunEvent }
  | { readonly kind: 'sent'; readonly sent: Sent }
  | { readonly kind: 'changed'; readonly change: Changed }
  | { readonly kind: 'effect'; readonly effect: Effect }
  | { readonly kind: 'ended'; readonly state: RunState };

/** The change of the whole cloud by one write of the run. */
export type Changed = {
  readonly sent: Sent;
  readonly before: Stock;
  readonly after: Stock;
  /** The number of changes by others to the step's object by then. */
  readonly edits: number;
};

/** A change of a write's object. */
export type Effect = {
  readonly sent: Sent;
  readonly ref: ObjectRef;
  readonly before: ObjectState;
  readonly after: ObjectState;
  /** The number of changes by others to the object by then. */
  readonly edits: number;
  readonly atMs: number;
};

/** Observes everything in order, and returns earlier observations. */
export class Witness implements CloudObserver {
  readonly events: RunEvent[] = [];
  readonly sent: Sent[] = [];
  readonly changes: Changed[] = [];
  readonly effects: Effect[] = [];
  /** By object key: the number of changes by others. */
  readonly edits = new Map<string, number>();
  readonly reads = new Map<string, Known>();
  /** By object key: when the diversion's answers were last known to be served. */
  readonly servedMs = new Map<string, number>();
  /** The forward jumps of the wall clock: when, and by how much. */
  readonly jumps: { readonly atMs: number; readonly byMs: number }[] = [];
  /**
   * When a process was frozen between its last read and its call, where its own checks can't notice it, and for how
   * long.
   */
  readonly frozen: { readonly atMs: number; readonly forMs: number }[] = [];
  /** When everything was unreachable, in elapsed time, in ms. */
  readonly outages: { readonly fromMs: number; readonly untilMs: number }[] = [];
  /** When all changes were paused: how many events there were by then. */
  readonly stops: { readonly setAt: number; isReleased: boolean }[] = [];
  /** When the gate of a safety rule was switched off: how many events there were by then. */
  readonly gates: { readonly closedAt: number; isOn: boolean }[] = [];
  /** The time of the last read by the process that has the run. */
  lastReadMs = Number.NEGATIVE_INFINITY;
  direction: Direction = 'apply';
  /** The fence of the process that has the run. */
  fence = 0;
  #plan: Plan;
  /** Everything that ever existed: a call may refer to an object that someone has just deleted. */
  #remembered: Stock;

  constructor(
    readonly given: Plan,
    /** The scope of its diversion. */
    readonly scope: ReadonlySet<string>,
    /** The content of the cloud when the run began. */
    readonly first: Stock,
    /** When the run's schedule rolls it back; null = it stays, or has no schedule. */
    readonly t1: Date | null,
    /** The elapsed time, in ms. */
    readonly nowMs: () => number,
    /** The wall-clock time. */
    readonly wallNow: () => Date,
    readonly stock: () => Stock,
    private readonly onFact: (fact: Fact) => void,
  ) {
    this.#plan = given;
    this.#remembered = first;
  }

  #remember(stock: Stock): void {
    const known = this.#remembered;
    const more = <T extends { readonly id: unknown }>(old: readonly T[], now: readonly T[]) =>
      old === now ? old : [...old, ...now.filter(({ id }) => !old.some((each) => each.id === id))];
    this.#remembered = {
      rules: more(known.rules, stock.rules),
      records: more(known.records, stock.records),
      loadBalancers: more(known.loadBalancers, stock.loadBalancers),
      listeners: more(known.listeners, stock.listeners),
      provisioned: [],
    };
  }

  /** The plan with known values substituted for its placeholders. */
  get plan(): Plan {
    return this.#plan;
  }

  event(event: RunEvent): void {
    this.direction = event.direction;
    this.events.push(event);
    if (event.type === 'stepDone' && event.ids !== undefined) this.#plan = bindPlan(this.given, this.events);
    this.onFact({ kind: 'event', event });
  }

  /** The number of changes by others to anything. */
  get allEdits(): number {
    return [...this.edits.values()].reduce((sum, count) => sum + count, 0);
  }

  editCount(ref: ObjectRef): number {
    return this.edits.get(objectKey(ref)) ?? 0;
  }

  /** Returns true if DNS gives an answer that the plan introduced. */
  #servesDiversion(ref: ObjectRef, state: ObjectState): boolean {
    return listWrites(this.plan, 'apply').some(
      ({ object, before, after }) =>
        objectKey(object) === objectKey(ref) &&
        newAnswers(before, after).some((answer) => listAnswers(state).includes(answer)),
    );
  }

  read(ref: ObjectRef, fence: number): void {
    if (fence !== this.fence) return;
    this.lastReadMs = this.nowMs();
    const key = objectKey(ref);
    const { allEdits } = this;
    const edits = this.editCount(ref);
    this.reads.set(key, { atMs: this.nowMs(), edits, allEdits, events: this.events.length });
    if (this.#isOurs(ref) && this.#servesNow(ref)) this.servedMs.set(key, this.nowMs());
  }

  /** Returns true if this run has changed the object. */
  #isOurs(ref: ObjectRef): boolean {
    return this.effects.some((effect) => objectKey(effect.ref) === objectKey(ref));
  }

  #servesNow(ref: ObjectRef): boolean {
    return this.#servesDiversion(ref, readObject(this.stock(), ref).state);
  }

  /**
   * Returns until when clients were sent to the object. A rule serves only its domain; what it is created on, and what
   * it is bound to, may serve all names of the plan.
   */
  #ledToMs(ref: ObjectRef): number | null {
    if (ref.kind === 'recordSet') return null;
    const served = listWrites(this.plan, 'apply').flatMap(({ object }) =>
      object.kind === 'recordSet' && (ref.kind !== 'rule' || getHostName(object) === ref.domain)
        ? (this.#servedUntilMs(object) ?? [])
        : [],
    );
    return served.length === 0 ? null : Math.max(...served);
  }

  /**
   * Returns until when the diversion's answers were served, as far as the run can know; undefined if they never were.
   */
  #servedUntilMs(ref: ObjectRef): number | undefined {
    const key = objectKey(ref);
    const edits = this.editCount(ref);
    const lastOurs = this.effects.findLast((effect) => objectKey(effect.ref) === key);
    const isKnown = lastOurs?.edits === edits || this.reads.get(key)?.edits === edits;
    const servesStill = lastOurs !== undefined && isKnown && this.#servesNow(ref);
    return servesStill ? this.nowMs() : this.servedMs.get(key);
  }

  /**
   * Returns the plan's name for the load balancer that a call deletes, if this run created it: the cloud may name it
   * otherwise.
   */
  #madeObject({ params }: WriteCall): ObjectRef | undefined {
    const [deleted] = Array.isArray(params.LoadBalancerIds) ? params.LoadBalancerIds : [];
    if (deleted === undefined) return undefined;
    return this.changes.find(
      ({ sent, before, after }) => loadBalancerOf(sent.call, before, after) === deleted,
    )?.sent.step?.object;
  }

  wrote(id: string, call: WriteCall, fence: number): void {
    const ref =
      this.#madeObject(call) ?? findCallObject(this.stock(), call) ?? findCallObject(this.#remembered, call);
    const { plan, direction } = this;
    const step = getWrite(plan, direction, call, ref, this.events);
    const read = step === null ? undefined : this.reads.get(objectKey(step.object));
    const events = this.events.length;
    const servedMs = step === null ? null : this.#ledToMs(step.object);
    const atMs = this.nowMs();
    const sent = { id, call, step, direction, fence, atMs, read: read ?? null, events, servedMs };
    this.sent.push(sent);
    this.onFact({ kind: 'sent', sent });
  }

  acted(id: string, before: Stock, after: Stock): void {
    this.#remember(after);
    const sent = this.sent.find((each) => each.id === id);
    const ref = sent?.step?.object ?? null;
    if (sent === undefined || ref === null) return;
    const change = { sent, before, after, edits: this.editCount(ref) };
    this.changes.push(change);
    this.onFact({ kind: 'changed', change });
    // A load balancer that is made or deleted is that very one, whatever else has its name.
    const made = loadBalancerOf(sent.call, before, after);
    const own = made === undefined ? ref : { ...ref, id: made };
    const states = { before: readObject(before, own).state, after: readObject(after, own).state };
    if (sameState(states.before, states.after)) return;
    const { step } = sent;
    if (step !== null && sameState(states.before, step.before) && !sameState(states.after, step.after)) {
      // A part of a batch: neither before nor after, as if someone else had done it.
      this.wasEdited(ref, states.before);
      return;
    }
    if (this.#servesDiversion(ref, states.before)) this.servedMs.set(objectKey(ref), this.nowMs());
    const effect = { sent, ref, ...states, edits: change.edits, atMs: this.nowMs() };
    this.effects.push(effect);
    this.onFact({ kind: 'effect', effect });
  }

  cancelled(id: string): void {
    for (const list of [this.changes, this.effects]) {
      const at = list.findLastIndex(({ sent }) => sent.id === id);
      if (at >= 0) list.splice(at, 1);
    }
  }

  /** @param before the object's previous state */
  wasEdited(ref: ObjectRef, before: ObjectState): void {
    this.#remember(this.stock());
    if (this.#isOurs(ref) && this.#servesDiversion(ref, before))
      this.servedMs.set(objectKey(ref), this.nowMs());
    this.edits.set(objectKey(ref), this.editCount(ref) + 1);
  }

  /** Handles the end of the run, or a stop for a person. */
  ended(state: RunState): void {
    this.onFact({ kind: 'ended', state });
  }
}

/** The load balancer that a call has made or deleted; undefined for other calls. */
function loadBalancerOf({ action }: WriteCall, before: Stock, after: Stock): string | undefined {
  if (!/^(Create|Delete)LoadBalancer$/.test(action)) return undefined;
  const ids = (stock: Stock) => stock.loadBalancers.map(({ id }) => String(id));
  const [old, now] = [ids(before), ids(after)];
  return [...now.filter((id) => !old.includes(id)), ...old.filter((id) => !now.includes(id))][0];
}

/** Returns a record set's answers: type and value of the enabled records. */
export function listAnswers(state: ObjectState): readonly string[] {
  if (state.kind !== 'recordSet') return [];
  return state.records.flatMap(({ enabled, type, value }) => (enabled ? [`${type} ${value}`] : []));
}

function newAnswers(before: ObjectState, after: ObjectState): readonly string[] {
  const old = listAnswers(before);
  return listAnswers(after).filter((answer) => !old.includes(answer));
}

/*
 * The invariants (ARCHITECTURE §4), checked after every event of the journal, every call and every change that a call
 * makes. Each check returns what is wrong, or null. Numbers are those of the list there.
 */

/** Returns what is wrong with an observation; null when nothing is. */
export type InvariantCheck<T> = (what: T, witness: Witness) => string | null;
