'use server';

import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { AcknowledgeAlertAction, ReopenAlertAction } from '@/lib/contract/alert';
import type { Database } from '@/lib/db/database';
import { alertAcknowledgements, breakGlasses, switches } from '@/lib/db/schema';
import { ok } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { isAlertOpen } from '@/lib/store/alerts/read-alerts';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';

const Id = z.string().min(1).max(100);
const AcknowledgeInput = z.object({
  subject: z.object({ kind: z.enum(['run', 'switch']), id: Id }),
  occurrence: Id,
  reason: z.string().trim().min(1, 'reason.missing').max(500, 'reason.tooLong'),
});

/** An id may be that of a run or of a Switch, whichever kind the input names. */
const getAlertScope = ({ subject: { id } }: Pick<z.infer<typeof AcknowledgeInput>, 'subject'>) => ({
  run: id,
  switch: id,
});

/** Returns whether an alert is about a plan that this person has applied without approval: others must see it first. */
async function isOwnBreakGlass(
  db: Pick<Database, 'select'>,
  occurrence: string,
  accountId: string,
): Promise<boolean> {
  const [, mark] = /^breakGlass (\d{1,15})$/.exec(occurrence) ?? [];
  if (mark === undefined) return false;
  const [row] = await db
    .select({ accountId: breakGlasses.accountId })
    .from(breakGlasses)
    .where(eq(breakGlasses.id, Number(mark)));
  return row?.accountId === accountId;
}

/**
 * Acknowledges one alert of a run or a Switch: it disappears from the banner and the title of every page. The next
 * hold, breach or failover of the same object raises a new alert.
 */
export const acknowledgeAlert = verb(
  'alert.acknowledge',
  AcknowledgeInput,
  getAlertScope,
  async (
    { subject: { kind, id }, occurrence, reason },
    { name: actor, accountId },
  ): ReturnType<AcknowledgeAlertAction> => {
    const { db } = (await serverContext()).database;
    if (!(await isAlertOpen(db, { kind, id }, occurrence))) return refuse('alert.gone', { id });
    if (accountId !== null && (await isOwnBreakGlass(db, occurrence, accountId)))
      return refuse('alert.ownBreakGlass');
    const [found] =
      kind === 'run'
        ? []
        : await db.select({ diversionId: switches.diversionId }).from(switches).where(eq(switches.id, id));
    // If another actor acknowledges it concurrently, the first acknowledgement is kept, and both calls succeed.
    await db
      .insert(alertAcknowledgements)
      .values({ subject: id, occurrence, reason, actor, diversionId: found?.diversionId ?? null })
      .onConflictDoNothing();
    return ok(null);
  },
);

/** Withdraws an acknowledgement: the alert is open again for all operators. The acknowledgement stays recorded. */
export const reopenAlert = verb(
  'alert.reopen',
  AcknowledgeInput.omit({ reason: true }),
  getAlertScope,
  async ({ subject: { id }, occurrence }): ReturnType<ReopenAlertAction> => {
    const { db } = (await serverContext()).database;
    const withdrawn = await db
      .update(alertAcknowledgements)
      .set({ withdrawnAt: new Date() })
      .where(
        and(
          eq(alertAcknowledgements.subject, id),
          eq(alertAcknowledgements.occurrence, occurrence),
          isNull(alertAcknowledgements.withdrawnAt),
        ),
      )
      .returning({ id: alertAcknowledgements.id });
    return withdrawn.length === 0 ? refuse('alert.notAcknowledged', { id }) : ok(null);
  },
);
