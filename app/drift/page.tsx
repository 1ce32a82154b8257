import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { pickConnection } from '@/app/pick-connection';
import { DriftScreen } from '@/components/drift/drift-screen';
import { driftQuery } from '@/lib/client/estate-queries';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
import { acceptDrift } from '@/lib/server/drift/accept-drift';
import { getDrift } from '@/lib/server/drift/get-drift';
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
  const client = new QueryClient();
  // If this read fails, the browser repeats it and shows why.
  await client.prefetchQuery({ ...driftQuery(connection.id), queryFn: () => getDrift(connection.id) });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <DriftScreen
        key={connection.id}
        connections={connections}
        connection={connection}
        actions={{ acceptDrift: acceptDrift, restoreDrift }}
      />
    </HydrationBoundary>
  );
}
