import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ScheduleScreen } from '@/components/schedule/schedule-screen';
import { AppShell } from '@/components/shell/app-shell';
import { listConnections } from '@/lib/server/connections/list-connections';
import { getSchedule } from '@/lib/server/runs/get-schedule';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('shell');
  return { title: t('section.schedule') };
}

export default async function SchedulePage() {
  const [connections, schedule, t] = await Promise.all([
    listConnections(),
    getSchedule(),
    getTranslations('schedule'),
  ]);
  return (
    <AppShell connections={connections} connectionId={null} section="schedule" head={{ title: t('title') }}>
      <ScheduleScreen initial={schedule} />
    </AppShell>
  );
}
