import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { pickConnection } from '@/app/pick-connection';
import { DriftScreen } from '@/components/drift/drift-screen';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
import { acceptDrift } from '@/lib/server/drift/accept-drift';
import { restoreDrift } from '@/lib/server/drift/restore-drift';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('drift');
  return { title: t('title') };
}

type Props = { readonly searchParams: Promise<{ connection?: string }> };

export default async function DriftPage({ searchParams }: Props) {
  const [{ connection: wanted }, connections] = await Promise.all([searchParams, listConnections()]);
  const connection = await pickConnection(connections, wanted);
  // The estate page explains why there is none.
  if (connection === undefined) redirect(routes.estate(wanted));
  return (
    <DriftScreen
      key={connection.id}
      connections={connections}
      connection={connection}
      actions={{ acceptDrift: acceptDrift, restoreDrift }}
    />
  );
}
