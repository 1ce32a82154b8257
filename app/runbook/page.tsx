import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { RunbookPage } from '@/components/runbook/runbook-page';
import { AppShell } from '@/components/shell/app-shell';
import { listConnections } from '@/lib/server/connections/list-connections';
import { getRunbook } from '@/lib/server/runbook/get-runbook';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('run.stopped');
  return { title: t('runbook') };
}

export default async function Runbook() {
  const [connections, blocks, t] = await Promise.all([
    listConnections(),
    getRunbook(),
    getTranslations('run.stopped'),
  ]);
  return (
    <AppShell connections={connections} connectionId={null} section={null} head={{ title: t('runbook') }}>
      <RunbookPage blocks={blocks.filter((block) => block.kind !== 'heading' || block.level > 1)} />
    </AppShell>
  );
}
