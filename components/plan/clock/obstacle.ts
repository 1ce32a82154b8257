import { useFormatter, useTranslations } from 'next-intl';
import type { PlanView } from '@/lib/contract/plan';
import { isUnapproved } from '@/lib/policy/approval';
import { stops } from '@/lib/preflight/model/stops';

/** The reason why a plan can't run at all. */
export type Obstacle = 'ran' | 'disconnected' | 'blocked' | 'unread' | 'empty';

/** Returns the reason why a plan can't run at all, or null if it can. */
export function runObstacle(view: PlanView): Obstacle | null {
  if (view.runId !== null) return 'ran';
  if (view.disconnected.length > 0) return 'disconnected';
  const stopping = view.findings.filter(stops);
  if (stopping.some((finding) => finding.status === 'block')) return 'blocked';
  if (stopping.length > 0) return 'unread';
  return view.plan.steps.length === 0 ? 'empty' : null;
}

/** Returns the reason why it can't be applied now: what has to be cleared, read or approved first. */
export function useObstacleText(view: PlanView): string {
  const t = useTranslations('plan.review.off');
  const diversion = useTranslations('diversions.command');
  const check = useTranslations('preflight.check');
  const format = useFormatter();
  const obstacle = runObstacle(view);
  const { given, needed, declined = 0 } = view.approvals.count;
  if (obstacle === 'disconnected' || (view.reschedulable !== null && view.disconnected.length > 0))
    return diversion('disconnected', { accounts: view.disconnected.join(', ') });
  const isDeclined = declined > 0 && given >= needed;
  if (obstacle === null && !isUnapproved(view.approvals.count)) return '';
  if (obstacle === null) return isDeclined ? t('declined', { count: declined }) : t('unapproved', { needed });
  const stopping = view.findings.filter(stops);
  if (obstacle === 'blocked') {
    return t('blocked', { count: stopping.filter((finding) => finding.status === 'block').length });
  }
  if (obstacle !== 'unread') return t(obstacle);
  const facts = [...new Set(stopping.map((finding) => check(finding.check)))];
  return t('unread', { facts: format.list(facts, { type: 'conjunction' }) });
}
