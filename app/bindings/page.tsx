import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { pickConnection } from '@/app/pick-connection';
import { BindingsScreen } from '@/components/bindings/bindings-screen';
import { firstBindingsQuery } from '@/components/bindings/bindings-source';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
import { listBindings } from '@/lib/server/estate/list-bindings';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('bindings');
  return { title: t('title') };
}

type Props = { readonly searchParams: Promise<Readonly<Record<string, string>>> };

export default async function BindingsPage({ searchParams }: Props) {
  const [address, connections] = await Promise.all([searchParams, listConnections()]);
  const { connection: wanted } = address;
  const connection = await pickConnection(connections, wanted);
  // The estate page explains why there is none.
  if (connection === undefined) redirect(routes.estate(wanted));
  const client = new QueryClient();
  // If this read fails, the browser repeats it and shows why.
  await client.prefetchQuery({
    ...firstBindingsQuery(connection.id, new URLSearchParams(address)),
    queryFn: ({ queryKey: [, , query] }) => listBindings({ connectionId: connection.id, query }),
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <BindingsScreen key={connection.id} connections={connections} connectionId={connection.id} />
    </HydrationBoundary>
  );
}
