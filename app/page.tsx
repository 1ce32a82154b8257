import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { OverviewScreen } from '@/components/overview/overview-screen';
import { AppShell } from '@/components/shell/app-shell';
import { listConnections } from '@/lib/server/connections/list-connections';
import { showChecklist } from '@/lib/server/overview/change-checklist';
import { getOverview } from '@/lib/server/overview/get-overview';
import { commandRun } from '@/lib/server/runs/command-run';
import { OverviewMessages } from './overview-messages';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('overview');
  return { title: t('title') };
}

export default async function OverviewPage() {
  const [connections, overview, t] = await Promise.all([
    listConnections(),
    getOverview(),
    getTranslations('overview'),
  ]);
  return (
    <AppShell connections={connections} connectionId={null} section="overview" head={{ title: t('title') }}>
      <OverviewMessages>
        <OverviewScreen
          initial={overview}
          connections={connections}
          showChecklist={showChecklist}
          commandRun={commandRun}
        />
      </OverviewMessages>
    </AppShell>
  );
}
