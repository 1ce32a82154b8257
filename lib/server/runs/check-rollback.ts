import type { ActionError } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import { ok, type Result } from '@/lib/result';
import { listDnsRollbackSteps } from '@/lib/run/model/drain';
import type { RunRecord } from '@/lib/run/model/fold-run';
import { isInEffect, laterRuns } from '@/lib/server/journal/read-replaced';
import { refuse } from '@/lib/server/refusal';

/**
 * Returns until when clients may still reach what this run would unbind, in epoch ms, because a run that continued it
 * has rolled back DNS: that run unbinds nothing of this one's, so it did not wait.
 */
function drainedAfter(run: RunRecord, later: RunRecord): number {
  const drain = run.plan.revert.find((step) => step.kind === 'drain');
  if (drain === undefined) return 0;
  const dns = new Map(listDnsRollbackSteps(later.plan).map((step) => [step.id, step]));
  const ends = later.events.flatMap((event) => {
    if (event.type !== 'stepDone' || event.direction !== 'revert' || event.outcome === 'notOurs') return [];
    const step = dns.get(event.stepId);
    if (step?.before.kind !== 'recordSet') return [];
    const ttlS = Math.max(drain.oldTtlS, ...step.before.records.map((record) => record.ttlS));
    return [Date.parse(event.at) + (ttlS + drain.keepAliveS) * 1000];
  });
  return Math.max(0, ...ends);
}

/**
 * Checks whether a run that another one continued may be rolled back: whatever builds on it must be rolled back first,
 * and no client may still use cached answers that point there.
 */
export async function checkRollbackAllowed(
  db: Database,
  run: RunRecord,
  now: Date,
): Promise<Result<null, ActionError>> {
  const later = await laterRuns(db, run.id);
  const inEffect = later.find(isInEffect);
  if (inEffect !== undefined) return refuse('run.replacedInEffect', { run: run.id, by: inEffect.id });
  for (const each of later) {
    const leftS = Math.ceil((drainedAfter(run, each) - now.getTime()) / 1000);
    if (leftS > 0) return refuse('run.notDrained', { run: run.id, by: each.id, seconds: leftS });
  }
  return ok(null);
}
