'use server';

import 'server-only';
import { eq, sql } from 'drizzle-orm';
import { createTranslator } from 'next-intl';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type { SetRecurrenceAction, StopRecurrenceAction } from '@/lib/contract/recurrence';
import { recurrenceChanges, recurrences } from '@/lib/db/schema';
import { DiversionId } from '@/lib/diversion/diversion';
import { formatNames } from '@/lib/diversion/format-names';
import { findReplaced, type RecurrenceChange, RecurrenceRule } from '@/lib/diversion/recurrence';
import words from '@/lib/messages/en/diversions.json';
import { ok, type Result } from '@/lib/result';
import { readDiversion } from '@/lib/server/diversions/get-diversion';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readRecurrence } from '@/lib/store/diversions/read-recurrence';
import { dropOccurrences } from '@/lib/store/recurrences/drop-occurrences';
import { checkGuards, refuse, refuseFields } from '@/lib/store/refusal';
import { type Decision, exclusively } from '@/lib/store/runs/exclusively';
import { wakeWaiting } from '@/lib/store/runs/waiting-run';
import { readPolicy } from '@/lib/store/settings/read-policies';

const translate = createTranslator({
  locale: 'en',
  messages: { diversions: words },
  namespace: 'diversions.repeat',
});

/**
 * Checks that a diversion can be the template of a series: it has a plan, is not an occurrence itself, and the guards
 * of the policy have values.
 * @returns the moved names that must have been typed on a real account; null = a sandbox
 */
async function checkTemplate(
  { db }: Pick<Decision, 'db'>,
  id: DiversionId,
  typedDomain: string | null,
): Promise<Result<readonly string[] | null, ActionError>> {
  const found = await readDiversion(db, id);
  if (found === null) return refuse('diversion.gone', { diversion: id });
  if (found.discarded !== null) return refuse('diversion.discarded', { diversion: id });
  if (found.series?.kind === 'occurrence') return refuse('repeat.isOccurrence', { series: found.series.of });
  if (found.movedNames.length === 0) return refuse('repeat.noPlan', { diversion: id });
  if (found.state === 'inEffect' || found.state === 'stopped')
    return refuse('repeat.inEffect', { diversion: id });
  const { guards } = await readPolicy(db, found.connection.kind);
  const guarded = checkGuards(guards, (await serverContext()).settings, null, found.kind);
  if (!guarded.ok) return guarded;
  if (found.connection.kind !== 'tencent') return ok(null);
  return formatNames(found.movedNames) === typedDomain
    ? ok(found.movedNames)
    : refuseFields({ typedDomain: ['typedDomain.differs'] });
}

/** Stores a change of a recurrence in the activity log of its diversion. */
async function recordChange(
  { db }: Pick<Decision, 'db'>,
  change: Omit<typeof recurrenceChanges.$inferInsert, 'id' | 'change'> & {
    readonly change: RecurrenceChange;
  },
): Promise<void> {
  // As text: the driver would store a damaged rule that is `null` in JSON as one that is missing.
  await db.insert(recurrenceChanges).values({ ...change, rule: sql`${JSON.stringify(change.rule)}::jsonb` });
}

const Reason = z.string().trim().min(1, 'reason.missing').max(500, 'reason.tooLong');

const SetInput = z.object({
  diversionId: DiversionId,
  rule: RecurrenceRule,
  reason: Reason,
  typedDomain: z.string().trim().toLowerCase().nullable().default(null),
});

/**
 * Makes a diversion repeat by a rule, or changes that rule. Occurrences that have not started and don't match the new
 * rule are canceled and discarded; the worker creates those that are due. A real account requires the moved domain to
 * be typed.
 */
export const setRecurrence = verb(
  'recurrence.set',
  SetInput,
  ({ diversionId: diversion }) => ({ diversion }),
  async (
    { diversionId, rule, reason, typedDomain },
    { name: actor, accountId },
  ): ReturnType<SetRecurrenceAction> => {
    const { database } = await serverContext();
    const why = translate('changedReason', { reason });
    const changed = await exclusively(database.pool, async (decision) => {
      const fits = await checkTemplate(decision, diversionId, typedDomain);
      if (!fits.ok) return fits;
      const [old] = await decision.db
        .select({ stoppedAt: recurrences.stoppedAt })
        .from(recurrences)
        .where(eq(recurrences.diversionId, diversionId));
      const at = new Date();
      const set = {
        rule,
        movedNames: fits.value,
        setBy: actor,
        setByAccount: accountId,
        setAt: at,
        stoppedBy: null,
        stoppedAt: null,
      };
      // First of all, so that the worker creates nothing by the old rule.
      await decision.db
        .insert(recurrences)
        .values({ diversionId, ...set })
        .onConflictDoUpdate({ target: recurrences.diversionId, set });
      const change = old !== undefined && old.stoppedAt === null ? 'changed' : 'set';
      await recordChange(decision, { diversionId, change, rule, actor, reason, at });
      const before = await readRecurrence(decision.db, diversionId);
      const replaced = findReplaced(rule, before?.occurrences ?? [], at.getTime());
      return dropOccurrences(decision, replaced, { actor, reason: why });
    });
    if (!changed.ok) return changed;
    for (const run of changed.value) await wakeWaiting(run, actor, why);
    return ok(null);
  },
);

const StopInput = z.object({
  diversionId: DiversionId,
  scheduled: z.enum(['keep', 'cancel']),
  reason: Reason,
});

/**
 * Stops a recurrence: no more occurrences are created. Those that have not started are canceled and discarded, or kept,
 * as requested.
 */
export const stopRecurrence = verb(
  'recurrence.stop',
  StopInput,
  ({ diversionId: diversion }) => ({ diversion }),
  async ({ diversionId, scheduled, reason }, { name: actor }): ReturnType<StopRecurrenceAction> => {
    const { database } = await serverContext();
    const why = translate('stoppedReason', { reason });
    const stopped = await exclusively(database.pool, async (decision) => {
      const at = new Date();
      const [row] = await decision.db
        .update(recurrences)
        .set({ stoppedBy: actor, stoppedAt: at })
        .where(eq(recurrences.diversionId, diversionId))
        .returning({ rule: recurrences.rule });
      if (row === undefined) return refuse('repeat.gone', { diversion: diversionId });
      await recordChange(decision, { diversionId, change: 'stopped', ...row, actor, reason, at });
      const found = await readRecurrence(decision.db, diversionId);
      const open = (found?.occurrences ?? []).filter(({ isReplaceable }) => isReplaceable);
      // An occurrence that is not scheduled yet would stay an unfinished draft.
      const unfinished = open.filter(({ runId, problems }) => runId === null && problems.length === 0);
      return dropOccurrences(decision, scheduled === 'cancel' ? open : unfinished, { actor, reason: why });
    });
    if (!stopped.ok) return stopped;
    for (const run of stopped.value) await wakeWaiting(run, actor, why);
    return ok(null);
  },
);
