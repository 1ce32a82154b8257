import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { CapacityScreen } from '@/components/capacity/screen/capacity-screen';
import { AppShell } from '@/components/shell/app-shell';
import { listConnections } from '@/lib/server/connections/list-connections';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('shell');
  return { title: t('section.capacity') };
}

export default async function CapacityPage() {
  const [connections, t] = await Promise.all([listConnections(), getTranslations('capacity')]);
  return (
    <AppShell connections={connections} connectionId={null} section="capacity" head={{ title: t('title') }}>
      <CapacityScreen />
    </AppShell>
  );
}
