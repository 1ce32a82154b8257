import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { RunList } from '@/components/run/list/run-list';
import { AppShell } from '@/components/shell/app-shell';
import { RefreshOnChange } from '@/components/shell/refresh-on-change';
import { listConnections } from '@/lib/server/connections/list-connections';
import { listRuns } from '@/lib/server/runs/list-runs';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('shell');
  return { title: t('section.runs') };
}

export default async function RunsPage() {
  const [connections, runs, t] = await Promise.all([listConnections(), listRuns(), getTranslations('shell')]);
  return (
    <AppShell
      connections={connections}
      connectionId={null}
      section="runs"
      head={{ title: t('section.runs') }}
    >
      <RefreshOnChange kinds={['run']} />
      <RunList runs={runs} />
    </AppShell>
  );
}
