import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { startSync } from '@/app/estate/actions';
import { SplitEditor } from '@/components/diversion/split-editor';
import { AppShell } from '@/components/shell/app-shell';
import { routes } from '@/lib/routes';
import { latestEstate } from '@/lib/server/get-estate';
import { keepAliveS } from '@/lib/server/keep-alive';
import { listConnections } from '@/lib/server/list-connections';
import { createPlan, deployFunction } from './actions';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('diversion');
  return { title: t('title') };
}

type Props = { readonly searchParams: Promise<{ connection?: string }> };

export default async function NewDiversionPage({ searchParams }: Props) {
  const [{ connection: wanted }, connections] = await Promise.all([searchParams, listConnections()]);
  const connection = connections.find(({ id }) => id === wanted) ?? connections[0];
  const estate = connection && (await latestEstate(connection.id));
  // Without an estate there is nothing to plan over; its page says why and offers to read it.
  if (!connection || !estate) redirect(routes.estate(connection?.id));
  const t = await getTranslations('shell');
  return (
    <AppShell
      connections={connections}
      connectionId={connection.id}
      section="diversions"
      head={{ trail: [{ label: t('section.diversions') }] }}
    >
      <SplitEditor
        key={connection.id}
        connection={connection}
        estate={estate}
        keepAliveS={await keepAliveS()}
        createPlan={createPlan}
        deployFunction={deployFunction}
        startSync={startSync}
      />
    </AppShell>
  );
}
