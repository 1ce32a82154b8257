import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { plans, rehearsals } from '@/lib/db/schema';
import type { FinishedEvents } from '@/lib/db/schema/rehearsals';
import { invariant } from '@/lib/invariant';
import type { FinishedRehearsal } from '@/lib/rehearsal/event/child-messages';
import type { RehearsalInput } from '@/lib/rehearsal/input';
import type { DrillEvent } from '@/lib/rehearsal/report/drill-report';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { runsWithStateEvent } from '@/lib/store/runs/last-state-events';
import { readRehearsalConditions } from './read-conditions';
import { RehearsalOverdueError } from './rehearsal-overdue';

/** Rehearsals rest from this long before a gate of a run is due until this long after it, in ms. Our own choice. */
const aroundMs = { before: 1500, after: 5000 } as const;
/** The longest rest, in ms; then rehearsals work for as long: many gates in a row don't stop them for good. */
const restMostMs = 10_000;
/** The most waiting runs that are considered, the newest first. */
const runsMax = 1000;

/** Reads when the waiting runs continue: the instants of their gates, in epoch ms. Those are prewarm, T0 and T1. */
async function readUpcomingGates(db: Database): Promise<readonly number[]> {
  const { rows } = await db.execute<{ readonly due: string }>(sql`
    select state_event.event->>'due' as due from ${runsWithStateEvent}
    where state_event.event->>'type' = 'gate' order by run.created_at desc limit ${runsMax}`);
  return rows.map(({ due }) => Date.parse(due));
}

/** Decides when rehearsals rest: around the gates of runs. */
export class GateRests {
  #gates: readonly number[] = [];
  #sinceMs: number | null = null;

  /** Adds gates that were read now. Those that have passed count until their rest is over. */
  learn(gates: readonly number[], nowMs: number): void {
    const passed = this.#gates.filter((due) => due <= nowMs && due + aroundMs.after > nowMs);
    this.#gates = [...new Set([...passed, ...gates])];
  }

  /** Returns whether rehearsals rest now. */
  isResting(nowMs: number): boolean {
    const isNear = this.#gates.some((due) => nowMs >= due - aroundMs.before && nowMs < due + aroundMs.after);
    if (!isNear) {
      this.#sinceMs = null;
      return false;
    }
    this.#sinceMs ??= nowMs;
    return (nowMs - this.#sinceMs) % (2 * restMostMs) < restMostMs;
  }
}

/** Calls a function when a rest begins (true) and ends. */
type OnRest = (listener: (isResting: boolean) => void) => void;

/** The interval at which the gates of waiting runs are read, in ms. */
const gatesMs = 2000;

/**
 * Creates the rests of a rehearsal around the gates of runs. Each round calls the listener if one has begun or ended; a
 * failed one changes nothing.
 */
export function watchRests(db: Database): { readonly round: () => Promise<void>; readonly onRest: OnRest } {
  const rests = new GateRests();
  let listener = (_isResting: boolean) => {};
  let [isResting, readAt] = [false, Number.NEGATIVE_INFINITY];
  return {
    onRest: (given) => {
      listener = given;
    },
    round: async () => {
      const now = Date.now();
      if (now - readAt >= gatesMs) {
        readAt = now;
        rests.learn(await readUpcomingGates(db), now);
      }
      const next = rests.isResting(Date.now());
      if (next !== isResting) listener(next);
      isResting = next;
    },
  };
}

/** The interval at which progress is stored, a cancellation is noticed, and a rest begins and ends. */
const pollMs = 500;

type RehearseOptions = {
  readonly onProgress: (share: number) => void;
  /** Called with each event of a fire drill that has ended. */
  readonly onEvent: (event: DrillEvent) => void;
  /** The events of the fire drill that had ended before it was interrupted. */
  readonly finished: readonly DrillEvent[];
  readonly signal: AbortSignal;
  /** Calls a function when a rest begins (true) and ends. */
  readonly onRest: OnRest;
};

export type RehearsalDeps = {
  readonly db: Database;
  /** Rehearses in a process of its own. Rejects when it is canceled, and when the rehearsal fails. */
  readonly rehearse: (input: RehearsalInput, options: RehearseOptions) => Promise<FinishedRehearsal>;
  /** Called with what ended a rehearsal without a report. */
  readonly onError: (error: unknown, rehearsalId: string) => void;
};

type Row = typeof rehearsals.$inferSelect;

/**
 * Returns a hash of what decides the results of a rehearsal's seeds: plan, schedule, settings, conditions and the content
 * of the snapshot, without the time at which that was taken.
 */
function fingerprintInput({ estate, ...input }: RehearsalInput): string {
  const { takenAt: _, ...content } = estate;
  return createHash('sha256')
    .update(JSON.stringify([input, content]))
    .digest('hex');
}
/** The values of an ended rehearsal; those in JSON may be SQL of a text. */
type EndValues = PgUpdateSetSource<typeof rehearsals>;

/** Reads what a rehearsal needs; null = there is no snapshot any more. */
async function readInput(db: Database, { planId, input }: Row): Promise<RehearsalInput | null> {
  const [row] = await db
    .select({ plan: plans.plan, connectionId: plans.connectionId, createdBy: plans.createdBy })
    .from(plans)
    .where(eq(plans.id, planId));
  invariant(row !== undefined, `plan ${planId} is stored with its rehearsals`);
  const estate = await newestEstate(db, row.connectionId, listConnectionIds(row.plan));
  if (estate === null) return null;
  const { settings, cutover, guards, keepAliveS } = input;
  const { plan, createdBy } = row;
  const conditions = await readRehearsalConditions(db, { planId, plan, createdBy, cutover, estate });
  return { ...settings, plan, cutover, guards, keepAliveS, estate, conditions };
}

/**
 * Carries out a rehearsal that the web process stored, and records its report, or why there is none. It rests around the
 * gates of waiting runs. A rehearsal that was interrupted begins again: it changes nothing outside of its own process. A
 * fire drill continues after the events that have ended, if their input is still the same.
 */
export async function runRehearsal(deps: RehearsalDeps, rehearsalId: string): Promise<void> {
  const { db, rehearse, onError } = deps;
  const isIt = eq(rehearsals.id, rehearsalId);
  const isOpen = and(isIt, eq(rehearsals.state, 'running'));
  const [row] = await reconnecting(() => db.select().from(rehearsals).where(isIt));
  invariant(row !== undefined, `rehearsal ${rehearsalId} was stored before it was enqueued`);
  if (row.state !== 'queued' && row.state !== 'running') return;
  await reconnecting(() =>
    db
      .update(rehearsals)
      .set({ state: 'running', progress: 0 })
      .where(and(isIt, eq(rehearsals.state, row.state))),
  );
  const canceled = new AbortController();
  const rests = watchRests(db);
  let progress = 0;
  let finished: FinishedEvents | null = null;
  const store = async () => {
    const open = await db
      .update(rehearsals)
      .set({ progress, finished })
      .where(isOpen)
      .returning({ id: rehearsals.id });
    if (open.length === 0) canceled.abort();
    await rests.round();
  };
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const next = () => {
    // The end may come while progress is being stored, as when that notices a cancellation.
    if (isOver) return;
    timer = setTimeout(
      () =>
        void store()
          .catch(() => undefined)
          .finally(next),
      pollMs,
    );
  };
  const end = (values: EndValues) =>
    reconnecting(() =>
      db
        .update(rehearsals)
        .set({ ...values, finished: null, endedAt: new Date() })
        .where(isOpen),
    );
  try {
    const input = await reconnecting(() => readInput(db, row));
    if (input === null) {
      await end({ state: 'failed', error: 'The account has no snapshot any more. Refresh the estate.' });
      return;
    }
    const of = input.events === 1 ? '' : fingerprintInput(input);
    const events = row.finished?.of === of ? row.finished.events : [];
    finished = input.events === 1 ? null : { of, events };
    next();
    const result = await rehearse(input, {
      finished: events,
      signal: canceled.signal,
      onProgress: (share) => {
        progress = share;
      },
      onEvent: (event) => {
        finished = { of, events: [...(finished?.events ?? []), event] };
      },
      onRest: rests.onRest,
    });
    const toJson = (text: string | null) => (text === null ? null : sql`${text}::jsonb`);
    const { verdict, report, drill } = result;
    await end({ state: 'done', progress: 1, report: toJson(report), drill: toJson(drill), verdict });
  } catch (error) {
    // A canceled rehearsal keeps its state.
    if (canceled.signal.aborted) return;
    onError(error, rehearsalId);
    await end({
      state: 'failed',
      error:
        error instanceof RehearsalOverdueError
          ? error.message
          : "The rehearsal ended without a report; the worker's log holds the reason. Start it again.",
    });
  } finally {
    isOver = true;
    clearTimeout(timer);
  }
}
