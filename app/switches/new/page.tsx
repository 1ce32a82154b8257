import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { pickConnection } from '@/app/pick-connection';
import { AppShell } from '@/components/shell/app-shell';
import { NewSwitch } from '@/components/switches/new-switch';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
import { getSnapshot } from '@/lib/server/estate/newest-estate';
import { getTestInvocations } from '@/lib/server/functions/get-test-invocations';
import { addSwitch } from '@/lib/server/switches/change-switches';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('switch');
  return { title: t('add.title') };
}

type Props = { readonly searchParams: Promise<{ connection?: string }> };

export default async function NewSwitchPage({ searchParams }: Props) {
  const [{ connection: wanted }, connections] = await Promise.all([searchParams, listConnections()]);
  const connection = await pickConnection(connections, wanted);
  const estate = connection && (await getSnapshot({ connectionId: connection.id }));
  // Without an estate there is nothing to choose from; the estate page explains why and offers to sync it.
  if (!connection || !estate) redirect(routes.estate(connection?.id));
  const t = await getTranslations();
  return (
    <AppShell
      connections={connections}
      connectionId={connection.id}
      section="switches"
      head={{
        trail: [
          { label: t('shell.section.switches'), href: routes.switches() },
          { label: t('switch.add.title') },
        ],
      }}
    >
      <NewSwitch
        key={connection.id}
        connections={connections}
        connectionId={connection.id}
        estate={estate}
        testInvocations={(await getTestInvocations(connection.id)).judged}
        addSwitch={addSwitch}
      />
    </AppShell>
  );
}
