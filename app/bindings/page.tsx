import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { pickConnection } from '@/app/pick-connection';
import { BindingsScreen } from '@/components/bindings/bindings-screen';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('bindings');
  return { title: t('title') };
}

type Props = { readonly searchParams: Promise<{ connection?: string }> };

export default async function BindingsPage({ searchParams }: Props) {
  const [{ connection: wanted }, connections] = await Promise.all([searchParams, listConnections()]);
  const connection = await pickConnection(connections, wanted);
  // The estate page explains why there is none.
  if (connection === undefined) redirect(routes.estate(wanted));
  return <BindingsScreen key={connection.id} connections={connections} connectionId={connection.id} />;
}
