import 'server-only';
import { eq } from 'drizzle-orm';
import type { ActionError } from '@/lib/contract/answer';
import { diversions, occurrences } from '@/lib/db/schema';
import type { DiversionId } from '@/lib/diversion/diversion';
import { ok, type Result } from '@/lib/result';
import type { StoredRun } from '@/lib/run/model/fold-run';
import type { RunId } from '@/lib/run/model/run-id';
import type { Decision } from '@/lib/store/runs/exclusively';
import { cancelWaiting } from '@/lib/store/runs/waiting-run';

type Dropped = { readonly diversionId: DiversionId; readonly runId: RunId | null };

/**
 * Cancels and discards occurrences that have not started; their dates can be created again. After the transaction, call
 * `wakeWaiting` to end each execution.
 * @returns the canceled runs
 */
export async function dropOccurrences(
  decision: Decision,
  dropped: readonly Dropped[],
  { actor, reason }: { readonly actor: string; readonly reason: string },
): Promise<Result<readonly StoredRun[], ActionError>> {
  const canceled: StoredRun[] = [];
  for (const { diversionId, runId } of dropped) {
    if (runId !== null) {
      const run = await cancelWaiting(decision, runId, { actor, reason });
      if (!run.ok) return run;
      canceled.push(run.value);
    }
    const now = new Date();
    await decision.db
      .update(diversions)
      .set({ discardedBy: actor, discardedAt: now })
      .where(eq(diversions.id, diversionId));
    await decision.db
      .update(occurrences)
      .set({ replacedAt: now })
      .where(eq(occurrences.diversionId, diversionId));
  }
  return ok(canceled);
}
