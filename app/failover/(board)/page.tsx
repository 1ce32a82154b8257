import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { pickConnection } from '@/app/pick-connection';
import { AppShell } from '@/components/shell/app-shell';
import { SwitchHelp } from '@/components/switches/switch-help';
import { SwitchboardScreen } from '@/components/switches/switchboard-screen';
import { hasRight } from '@/lib/client/session/has-right';
import { getSession } from '@/lib/server/auth/get-session';
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
  const [connections, board, session, t] = await Promise.all([
    listConnections(),
    getSwitchboard(),
    getSession(),
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
        help={<SwitchHelp mayOperate={hasRight(session, 'operate')} />}
        enableFailover={enableFailover}
        disableFailover={disableFailover}
        moveSwitch={moveSwitch}
        removeSwitch={removeSwitch}
      />
    </AppShell>
  );
}
