import { and, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { plans, rehearsals } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import type { RehearsalInput } from '@/lib/rehearsal/input';
import type { RehearsalResult } from '@/lib/rehearsal/report/drill-report';
import { listConnectionIds } from '@/lib/server/connections/list-connection-ids';
import { newestEstate } from '@/lib/server/estate/newest-estate';
import { readRehearsalConditions } from './read-conditions';
import { RehearsalOverdueError } from './rehearsal-overdue';

/** The interval at which progress is stored, and a cancellation is noticed. */
const pollMs = 500;

type RehearseOptions = { readonly onProgress: (share: number) => void; readonly signal: AbortSignal };

export type RehearsalDeps = {
  readonly db: Database;
  /** Rehearses in a process of its own. Rejects when it is canceled, and when the rehearsal fails. */
  readonly rehearse: (input: RehearsalInput, options: RehearseOptions) => Promise<RehearsalResult>;
  /** Called with what ended a rehearsal without a report. */
  readonly onError: (error: unknown, rehearsalId: string) => void;
};

type Row = typeof rehearsals.$inferSelect;

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
 * Carries out a rehearsal that the web process stored, and records its report, or why there is none. A rehearsal that
 * was interrupted begins again: it changes nothing outside of its own process.
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
  let progress = 0;
  const store = async () => {
    const open = await db.update(rehearsals).set({ progress }).where(isOpen).returning({ id: rehearsals.id });
    if (open.length === 0) canceled.abort();
  };
  let timer: NodeJS.Timeout | undefined;
  const next = () => {
    timer = setTimeout(
      () =>
        void store()
          .catch(() => undefined)
          .finally(next),
      pollMs,
    );
  };
  next();
  const end = (values: Partial<Row>) =>
    reconnecting(() =>
      db
        .update(rehearsals)
        .set({ ...values, endedAt: new Date() })
        .where(isOpen),
    );
  try {
    const input = await reconnecting(() => readInput(db, row));
    if (input === null) {
      await end({ state: 'failed', error: 'The account has no snapshot any more. Refresh the estate.' });
      return;
    }
    const onProgress = (share: number) => {
      progress = share;
    };
    const { report, drill } = await rehearse(input, { onProgress, signal: canceled.signal });
    const { verdict } = drill ?? report;
    await end({ state: 'done', progress: 1, report, drill, verdict });
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
    clearTimeout(timer);
  }
}
