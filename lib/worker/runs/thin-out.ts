import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runSamples } from '@/lib/db/schema';
import type { RunRecord } from '@/lib/run/model/fold-run';
import { listNearSpans, listTurns, spaceByTime } from '@/lib/run/model/run-watch';

/**
 * The maximum number of rows per run of each kind, and of the newest that are kept as they are: of probe rounds those of 25 min
 * that guards are evaluated over. All measurements of traffic fit into a line of a page.
 */
export const rowsMax = {
  sample: { max: 1200, newest: 300 },
  traffic: { max: 220, newest: 24 },
  convergence: { max: 1200, newest: 240 },
} as const;

/** The part that is left of a kind with too many rows, so that most rounds remove nothing. */
const leftPart = 7 / 8;

/**
 * Removes rows of one kind from a run that has too many: by time, so that the hour after T0 and after a rollback stays,
 * as do the counts of answers that say when DNS had converged. Only the loop that holds the lock of a kind may thin it.
 * @param run with all known placeholders replaced in its plan
 */
export async function thinOut(db: Database, run: RunRecord, kind: keyof typeof rowsMax): Promise<void> {
  const { max, newest } = rowsMax[kind];
  const own = and(eq(runSamples.runId, run.id), isNotNull(runSamples[kind]));
  if ((await db.$count(runSamples, own)) <= max) return;
  const { id, at, convergence } = runSamples;
  const rows = await db.select({ id, at, convergence }).from(runSamples).where(own).orderBy(asc(id));
  const points = rows.flatMap((row) => row.convergence ?? []);
  const chosen = spaceByTime(
    rows.map((row) => row.at.getTime()),
    { near: listNearSpans(run), max: Math.floor(max * leftPart), newest, kept: listTurns(run, points) },
  );
  const left = new Set(chosen);
  const removed = rows.flatMap((row, index) => (left.has(index) ? [] : [row.id]));
  await db.delete(runSamples).where(inArray(id, removed));
}
