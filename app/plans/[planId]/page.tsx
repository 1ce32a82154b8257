import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { PlanReview } from '@/components/plan/review/plan-review';
import { AppShell } from '@/components/shell/app-shell';
import { RefreshOnChange } from '@/components/shell/refresh-on-change';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
import { getSnapshot } from '@/lib/server/estate/newest-estate';
import { approvePlan, withdrawApproval } from '@/lib/server/plans/change-approvals';
import { getPlan } from '@/lib/server/plans/get-plan';
import { applyPlan } from '@/lib/server/runs/apply-plan';

type Props = { readonly params: Promise<{ planId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).planId };
}

export default async function PlanPage({ params }: Props) {
  const { planId } = await params;
  const [view, connections, t] = await Promise.all([
    getPlan(planId),
    listConnections(),
    getTranslations('shell'),
  ]);
  if (view === null) notFound();
  const estate = await getSnapshot({
    connectionId: view.connection.id,
    others: view.plan.diversion.connections,
  });
  const trail = [{ label: t('section.plans'), href: routes.plans() }, { label: view.id }];
  return (
    <AppShell connections={connections} connectionId={view.connection.id} section="plans" head={{ trail }}>
      <RefreshOnChange kinds={['plan', 'policy']} />
      <PlanReview
        {...{
          view,
          estate,
          applyPlan,
          approvePlan,
          withdrawApproval,
        }}
      />
    </AppShell>
  );
}
