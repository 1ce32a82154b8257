import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { pickConnection } from '@/app/pick-connection';
import { AppShell } from '@/components/shell/app-shell';
import { SwitchboardScreen } from '@/components/switches/switchboard-screen';
import { listConnections } from '@/lib/server/connections/list-connections';
import {
  disableFailover,
  enableFailover,
  moveSwitch,
  removeSwitch,
} from '@/lib/server/switches/change-switches';
import { getSwitchboard } from '@/lib/server/switches/get-switchboard';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('shell');
  return { title: t('section.switches') };
}

export default async function SwitchesPage() {
  const [connections, board, t] = await Promise.all([
    listConnections(),
    getSwitchboard(),
    getTranslations('shell'),
  ]);
  return (
    <AppShell
      connections={connections}
      connectionId={null}
      section="switches"
      head={{ trail: [{ label: t('section.switches') }] }}
    >
      <SwitchboardScreen
        initial={board}
        connectionId={(await pickConnection(connections))?.id ?? null}
        enableFailover={enableFailover}
        disableFailover={disableFailover}
        moveSwitch={moveSwitch}
        removeSwitch={removeSwitch}
      />
    </AppShell>
  );
}
