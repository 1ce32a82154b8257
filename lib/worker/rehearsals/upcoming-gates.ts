import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runsWithStateEvent } from '@/lib/server/journal/last-state-events';

/** Rehearsals rest from this long before a gate of a run is due until this long after it, in ms. Our own choice. */
const aroundMs = { before: 1500, after: 5000 } as const;
/** The longest rest, in ms; then rehearsals work for as long: many gates in a row don't stop them for good. */
const restMostMs = 10_000;
/** The most waiting runs that are considered, the newest first. */
const runsMax = 1000;

/** Reads when the waiting runs continue: the instants of their gates, in epoch ms. Those are prewarm, T0 and T1. */
export async function readUpcomingGates(db: Database): Promise<readonly number[]> {
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
