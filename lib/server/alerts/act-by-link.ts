'use server';

import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionLink } from '@/lib/action-link';
import type { UseAlertLinkAction } from '@/lib/contract/alert';
import { alertLinkUses } from '@/lib/db/schema';
import { approvePlan } from '@/lib/server/plans/change-approvals';
import { commandRun } from '@/lib/server/runs/command-run';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';
import { getLinkScope, openLink, readLinkView } from './read-link';

/** Does what a link says, by the verb that the page of its plan or run uses: with its rights, checks and audit entry. */
function act({ action, subject, hash }: ActionLink, name: string, reason: string) {
  return action === 'approve'
    ? approvePlan({ planId: subject, hash, name, comment: reason })
    : commandRun({ runId: subject, command: action, reason, typedDomain: null });
}

/**
 * Uses a link of an alert, once. It is taken before it acts, so that of two concurrent uses one acts; a refusal or an
 * error gives it back, so that no one without the right can use it up. If the process stops in between, it stays used.
 */
export const actByAlertLink = verb(
  'alertLink.use',
  z.object({ token: z.string().max(5000), reason: z.string().trim().max(500, 'reason.tooLong') }),
  ({ token }) => getLinkScope(token),
  async ({ token, reason }, { name }, note): ReturnType<UseAlertLinkAction> => {
    const link = await openLink(token);
    if (link === null) return refuse('alertLink.invalid');
    note({ link: link.id, action: link.action, hash: link.hash });
    const { db } = (await serverContext()).database;
    const view = await readLinkView(db, link, new Date());
    if (view === null) return refuse('alertLink.changed');
    if (view.state !== 'ready') return refuse(`alertLink.${view.state}`);
    const taken = await db
      .insert(alertLinkUses)
      .values({ id: link.id, actor: name })
      .onConflictDoNothing()
      .returning({ id: alertLinkUses.id });
    if (taken.length === 0) return refuse('alertLink.used');
    const giveBack = () => db.delete(alertLinkUses).where(eq(alertLinkUses.id, link.id));
    try {
      const answer = await act(link, name, reason);
      if (!answer.ok) await giveBack();
      return answer;
    } catch (error) {
      await giveBack();
      throw error;
    }
  },
);
