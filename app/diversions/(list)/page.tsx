import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { pickConnection } from '@/app/pick-connection';
import { DiversionList } from '@/components/diversions/diversion-list';
import { ImportPlan } from '@/components/plan/review/import-plan';
import { AppShell } from '@/components/shell/app-shell';
import { RefreshOnChange } from '@/components/shell/refresh-on-change';
import { listConnections } from '@/lib/server/connections/list-connections';
import { listDiversions } from '@/lib/server/diversions/list-diversions';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('shell');
  return { title: t('section.diversions') };
}

export default async function DiversionsPage() {
  const [connections, diversions, t] = await Promise.all([
    listConnections(),
    listDiversions(),
    getTranslations('shell'),
  ]);
  return (
    <AppShell
      connections={connections}
      connectionId={null}
      section="diversions"
      head={{ title: t('section.diversions') }}
    >
      <RefreshOnChange kinds={['diversion', 'run', 'plan', 'policy', 'connection']} />
      <DiversionList
        diversions={diversions}
        connectionId={(await pickConnection(connections))?.id ?? null}
        importing={<ImportPlan />}
      />
    </AppShell>
  );
}
