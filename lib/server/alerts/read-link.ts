import 'server-only';
import { eq } from 'drizzle-orm';
import { type ActionLink, readLink, verifyLink } from '@/lib/action-link';
import type { AlertLinkState, AlertLinkView } from '@/lib/contract/alert';
import type { Database } from '@/lib/db/database';
import { alertLinkUses, connections, plans, runAttempts, runs } from '@/lib/db/schema';
import { PlanId } from '@/lib/plan/model/model';
import type { Scope } from '@/lib/policy/actor';
import { routes } from '@/lib/routes';
import { RunId } from '@/lib/run/model/run-id';
import { serverContext } from '@/lib/store/context';

/** Returns the object that a token names; whether it is genuine is checked later. */
export function getLinkScope(token: string): Scope {
  const link = readLink(token);
  if (link === null) return 'all';
  return link.action === 'approve' ? { plan: link.subject } : { run: link.subject };
}

/** Returns the link of a token; null = this Spillway did not make it. */
export async function openLink(token: string): Promise<ActionLink | null> {
  const { SPILLWAY_LINK_KEY: key } = (await serverContext()).settings;
  return key === undefined ? null : verifyLink(key, token);
}

/** The plan of a link, or that of its run, with the number of the run's attempts. */
async function findSubject(db: Database, { action, subject }: ActionLink) {
  const planId = action === 'approve' ? PlanId.safeParse(subject) : null;
  const runId = action === 'approve' ? null : RunId.safeParse(subject);
  const isSubject = planId?.success
    ? eq(plans.id, planId.data)
    : runId?.success
      ? eq(runs.id, runId.data)
      : null;
  if (isSubject === null) return null;
  const [found] = await db
    .select({ hash: plans.hash, plan: plans.plan, connection: connections.name, runId: runs.id })
    .from(plans)
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .leftJoin(runs, eq(runs.planId, plans.id))
    .where(isSubject);
  if (found === undefined) return null;
  const attempts = runId?.success ? await db.$count(runAttempts, eq(runAttempts.runId, runId.data)) : null;
  return { ...found, attempts };
}

/**
 * Returns what a link does, and whether it still can; null = its plan or run is gone. It reads only: programs that scan
 * messages open links, too.
 */
export async function readLinkView(db: Database, link: ActionLink, now: Date): Promise<AlertLinkView | null> {
  const found = await findSubject(db, link);
  if (found === null) return null;
  const isUsed = (await db.$count(alertLinkUses, eq(alertLinkUses.id, link.id))) > 0;
  const isChanged = found.hash !== link.hash || found.attempts !== link.attempts;
  const getState = (): AlertLinkState => {
    if (isUsed) return 'used';
    if (now.getTime() >= link.expires * 1000) return 'expired';
    return isChanged ? 'changed' : 'ready';
  };
  const { action, subject, hash, expires } = link;
  return {
    action,
    subject,
    path: action === 'approve' ? routes.plan(subject) : routes.run(subject),
    name: found.plan.diversion.name,
    connection: found.connection,
    hash,
    expiresAt: new Date(expires * 1000).toISOString(),
    state: getState(),
  };
}
