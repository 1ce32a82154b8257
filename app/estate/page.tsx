import { Unplug } from 'lucide-react';
import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { pickConnection } from '@/app/pick-connection';
import { EstateScreen } from '@/components/estate/estate-screen';
import { NoteRoute } from '@/components/overview/note-route';
import { AppShell } from '@/components/shell/app-shell';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import type { ConnectionView } from '@/lib/contract/connection';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
import { getEstateSummary } from '@/lib/server/estate/get-estate';
import { startSync } from '@/lib/server/estate/start-sync';
import { noteRoute } from '@/lib/server/overview/change-checklist';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('estate');
  return { title: t('title') };
}

type Props = { readonly searchParams: Promise<{ connection?: string }> };

export default async function EstatePage({ searchParams }: Props) {
  const [{ connection: wanted }, connections] = await Promise.all([searchParams, listConnections()]);
  const connection = await pickConnection(connections, wanted);
  if (connection === undefined)
    return wanted && connections.length > 0 ? (
      <NotAvailable {...{ wanted, connections }} />
    ) : (
      <NoConnection />
    );
  return (
    <>
      <NoteRoute key={connection.id} connectionId={connection.id} noteRoute={noteRoute} />
      <EstateScreen
        key={connection.id}
        connections={connections}
        connectionId={connection.id}
        initial={await getEstateSummary(connection.id)}
        startSync={startSync}
      />
    </>
  );
}

type NotAvailableProps = { readonly wanted: string; readonly connections: readonly ConnectionView[] };

/** Shown if the address names another account than those that the person may see: whether it exists is not said. */
async function NotAvailable({ wanted, connections }: NotAvailableProps) {
  const t = await getTranslations('estate');
  return (
    <AppShell connections={connections} connectionId={null} section="estate" head={{ title: t('title') }}>
      <EmptyState
        icon={<Unplug aria-hidden />}
        title={t('notAvailable.title', { id: wanted.slice(0, 100) })}
        actions={<ButtonLink href={routes.estate()}>{t('notAvailable.toOthers')}</ButtonLink>}
      >
        {t('notAvailable.text')}
      </EmptyState>
    </AppShell>
  );
}

/** Shown while no connection exists: the worker creates the connections, and it may still be starting. */
async function NoConnection() {
  const t = await getTranslations('estate');
  return (
    <AppShell connections={[]} connectionId={null} section="estate" head={{ title: t('title') }}>
      <EmptyState icon={<Unplug aria-hidden />} title={t('noConnection.title')}>
        {t('noConnection.text')}
      </EmptyState>
    </AppShell>
  );
}
