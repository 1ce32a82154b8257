import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { SettingsScreen } from '@/components/settings/settings-screen';
import { AppShell } from '@/components/shell/app-shell';
import { getSession } from '@/lib/server/auth/get-session';
import { createFeed, revokeFeed } from '@/lib/server/calendar/change-feeds';
import { listFeeds } from '@/lib/server/calendar/read-feeds';
import { listConnections } from '@/lib/server/connections/list-connections';
import { getHealth } from '@/lib/server/operations/get-health';
import { addFreeze, removeFreeze } from '@/lib/server/settings/change-freezes';
import { listFreezes } from '@/lib/server/settings/read-freezes';
import { listPolicies } from '@/lib/server/settings/read-policies';
import { setPolicy } from '@/lib/server/settings/set-policy';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('shell');
  return { title: t('section.settings') };
}

export default async function SettingsPage() {
  const [connections, freezes, policies, health, feeds, session, t] = await Promise.all([
    listConnections(),
    listFreezes(),
    listPolicies(),
    getHealth(),
    listFeeds(),
    getSession(),
    getTranslations('settings'),
  ]);
  return (
    <AppShell connections={connections} connectionId={null} section="settings" head={{ title: t('title') }}>
      <SettingsScreen
        {...{
          policies,
          setPolicy,
          freezes,
          addFreeze,
          removeFreeze,
          health,
          session,
          calendar: { feeds, createFeed, revokeFeed },
        }}
      />
    </AppShell>
  );
}
