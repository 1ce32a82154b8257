'use server';

import 'server-only';
import { eq } from 'drizzle-orm';
import { createTranslator } from 'next-intl';
import { z } from 'zod';
import type { SetRecurrenceAction, StopRecurrenceAction } from '@/lib/client/diversion-actions';
import type { ActionError } from '@/lib/client/views';
import { diversions, occurrences, plans, recurrences } from '@/lib/db/schema';
import { DiversionId } from '@/lib/diversion/diversion';
import { findReplaced, RecurrenceRule } from '@/lib/diversion/recurrence';
import { confirmationText } from '@/lib/diversion/routes';
import words from '@/lib/messages/en/diversions.json';
import { ok, type Result } from '@/lib/result';
import type { StoredRun } from '@/lib/run/model/fold-run';
import type { RunId } from '@/lib/run/model/run-id';
import { serverContext } from '@/lib/server/context';
import { readDiversion } from '@/lib/server/diversions/get-diversion';
import { findTemplate, readRecurrence } from '@/lib/server/diversions/read-recurrence';
import { type Decision, exclusively } from '@/lib/server/journal/exclusively';
import { refuse, refuseFields } from '@/lib/server/refusal';
import { cancelWaiting, wakeWaiting } from '@/lib/server/runs/waiting-run';
import { verb } from '@/lib/server/verb';

const translate = createTranslator({
  locale: 'en',
  messages: { diversions: words },
  namespace: 'diversions.repeat',
});

type Dropped = { readonly diversionId: DiversionId; readonly runId: RunId | null };

/** Cancels and discards occurrences that have not begun; their dates can be created again. @returns the canceled runs */
async function dropOccurrences(
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

/** Checks that a diversion can be the template of a series: it has a plan, and is no occurrence itself. */
async function checkTemplate(
  { db }: Pick<Decision, 'db'>,
  id: DiversionId,
  typedDomain: string | null,
): Promise<Result<null, ActionError>> {
  const found = await readDiversion(db, id);
  if (found === null) return refuse('diversion.gone', { diversion: id });
  if (found.discarded !== null) return refuse('diversion.discarded', { diversion: id });
  if (found.series?.kind === 'occurrence') return refuse('repeat.isOccurrence', { series: found.series.of });
  const planId = await findTemplate(db, id);
  if (planId === null) return refuse('repeat.noPlan', { diversion: id });
  if (found.state === 'inEffect' || found.state === 'held')
    return refuse('repeat.inEffect', { diversion: id });
  if (found.connection.kind !== 'tencent') return ok(null);
  const [stored] = await db.select({ plan: plans.plan }).from(plans).where(eq(plans.id, planId));
  return stored !== undefined && confirmationText(stored.plan.diversion) === typedDomain
    ? ok(null)
    : refuseFields({ typedDomain: ['typedDomain.differs'] });
}

const SetInput = z.object({
  diversionId: DiversionId,
  rule: RecurrenceRule,
  typedDomain: z.string().trim().toLowerCase().nullable().default(null),
});

/**
 * Makes a diversion repeat by a rule, or changes that rule. Occurrences that have not begun and don't fit the new rule are
 * canceled and discarded; the worker creates those that are due. A real account requires the moved domain to be typed.
 */
export const setRecurrence = verb(
  'recurrence.set',
  SetInput,
  ({ diversionId: diversion }) => ({ diversion }),
  async ({ diversionId, rule, typedDomain }, { name: actor }): ReturnType<SetRecurrenceAction> => {
    const { database } = await serverContext();
    const changed = await exclusively(database.pool, async (decision) => {
      const fits = await checkTemplate(decision, diversionId, typedDomain);
      if (!fits.ok) return fits;
      const set = { rule, setBy: actor, setAt: new Date(), stoppedBy: null, stoppedAt: null };
      // First of all: the worker creates nothing by the old rule any more.
      await decision.db
        .insert(recurrences)
        .values({ diversionId, ...set })
        .onConflictDoUpdate({ target: recurrences.diversionId, set });
      const before = await readRecurrence(decision.db, diversionId);
      const replaced = findReplaced(rule, before?.occurrences ?? []);
      return dropOccurrences(decision, replaced, { actor, reason: translate('changedReason') });
    });
    if (!changed.ok) return changed;
    for (const run of changed.value) await wakeWaiting(run, actor, translate('changedReason'));
    return ok(null);
  },
);

const StopInput = z.object({ diversionId: DiversionId, scheduled: z.enum(['keep', 'cancel']) });

/** Stops a recurrence: nothing more is created. Occurrences that have not begun are canceled and discarded, or stay. */
export const stopRecurrence = verb(
  'recurrence.stop',
  StopInput,
  ({ diversionId: diversion }) => ({ diversion }),
  async ({ diversionId, scheduled }, { name: actor }): ReturnType<StopRecurrenceAction> => {
    const { database } = await serverContext();
    const reason = translate('stoppedReason');
    const stopped = await exclusively(database.pool, async (decision) => {
      const [row] = await decision.db
        .update(recurrences)
        .set({ stoppedBy: actor, stoppedAt: new Date() })
        .where(eq(recurrences.diversionId, diversionId))
        .returning({ id: recurrences.diversionId });
      if (row === undefined) return refuse('repeat.gone', { diversion: diversionId });
      const found = await readRecurrence(decision.db, diversionId);
      const open = (found?.occurrences ?? []).filter(({ isReplaceable }) => isReplaceable);
      // One that is not scheduled yet would stay a draft that nobody finishes.
      const unfinished = open.filter(({ runId, problems }) => runId === null && problems.length === 0);
      return dropOccurrences(decision, scheduled === 'cancel' ? open : unfinished, { actor, reason });
    });
    if (!stopped.ok) return stopped;
    for (const run of stopped.value) await wakeWaiting(run, actor, reason);
    return ok(null);
  },
);
