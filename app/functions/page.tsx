import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { FunctionsScreen } from '@/components/functions/functions-screen';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('functions');
  return { title: t('title') };
}

type Props = { readonly searchParams: Promise<{ connection?: string }> };

export default async function FunctionsPage({ searchParams }: Props) {
  const [{ connection: wanted }, connections] = await Promise.all([searchParams, listConnections()]);
  const connection = connections.find(({ id }) => id === wanted) ?? connections[0];
  // The worker creates the connections; the estate page explains what it is waiting for.
  if (connection === undefined) redirect(routes.estate());
  return <FunctionsScreen key={connection.id} connections={connections} connectionId={connection.id} />;
}
