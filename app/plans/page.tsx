import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { PlanList } from '@/components/plan/review/plan-list';
import { AppShell } from '@/components/shell/app-shell';
import { RefreshOnChange } from '@/components/shell/refresh-on-change';
import { listConnections } from '@/lib/server/connections/list-connections';
import { listPlans } from '@/lib/server/plans/list-plans';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('shell');
  return { title: t('section.plans') };
}

export default async function PlansPage() {
  const [connections, plans, t] = await Promise.all([
    listConnections(),
    listPlans(),
    getTranslations('shell'),
  ]);
  return (
    <AppShell
      connections={connections}
      connectionId={null}
      section="plans"
      head={{ title: t('section.plans') }}
    >
      <RefreshOnChange kinds={['plan', 'policy']} />
      <PlanList plans={plans} />
    </AppShell>
  );
}
