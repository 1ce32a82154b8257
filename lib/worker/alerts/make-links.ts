import { eq } from 'drizzle-orm';
import { type LinkAction, signLink } from '@/lib/action-link';
import type { Alert } from '@/lib/alerts/alert';
import type { Database } from '@/lib/db/database';
import { plans, runAttempts, runs } from '@/lib/db/schema';
import { PlanId } from '@/lib/plan/model/model';
import { routes } from '@/lib/routes';
import { RunId } from '@/lib/run/model/run-id';
import { t } from './find/alert-words';
import type { MessageAction } from './formats/channel-format';

/** A link works this long after its alert was found. */
const validMs = 24 * 3_600_000;

/** The actions that an alert offers. What it needs is a decision that can be made from the alert alone. */
const offers: Readonly<Partial<Record<Alert['event'], readonly LinkAction[]>>> = {
  approvalRequested: ['approve'],
  startsSoon: ['pause'],
  endsSoon: ['rollback'],
  revalidationFailed: ['pause'],
  runStarted: ['pause', 'rollback'],
  guardBreach: ['rollback'],
  stopped: ['rollback'],
  missedT0: ['rollback'],
  finished: ['rollback'],
};

/** Returns the plan or run of an alert, as it is now; null = it is about something else, or is gone. */
async function findSubject(db: Database, { incident }: Alert) {
  const [kind, id] = incident.split(' ');
  const planId = PlanId.safeParse(id);
  if (kind === 'plan' && planId.success) {
    const [plan] = await db.select({ hash: plans.hash }).from(plans).where(eq(plans.id, planId.data));
    return plan === undefined ? null : { subject: planId.data, hash: plan.hash, attempts: null };
  }
  const runId = RunId.safeParse(id);
  if (kind !== 'run' || !runId.success) return null;
  const [run] = await db
    .select({ hash: plans.hash })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .where(eq(runs.id, runId.data));
  if (run === undefined) return null;
  const attempts = await db.$count(runAttempts, eq(runAttempts.runId, runId.data));
  return { subject: runId.data, hash: run.hash, attempts };
}

type LinkDeps = {
  readonly db: Database;
  readonly baseUrl: string;
  /** Signs links; undefined = alerts have none, as without sign-in. */
  readonly linkKey: string | undefined;
};

/**
 * Returns the links with which an alert can be acted on.
 * @param delivery its id makes each link one of its own, and its time decides when it expires
 */
export async function makeLinks(
  alert: Alert,
  delivery: { readonly id: number; readonly createdAt: Date },
  { db, baseUrl, linkKey }: LinkDeps,
): Promise<readonly MessageAction[]> {
  const actions = offers[alert.event] ?? [];
  const found = actions.length === 0 || linkKey === undefined ? null : await findSubject(db, alert);
  if (found === null || linkKey === undefined) return [];
  const expires = Math.floor((delivery.createdAt.getTime() + validMs) / 1000);
  return actions.map((action) => {
    const token = signLink(linkKey, { id: `alert_${delivery.id} ${action}`, action, ...found, expires });
    return { action, label: t(`action.${action}`), url: baseUrl + routes.alertLink(token) };
  });
}
