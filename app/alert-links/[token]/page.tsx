import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { orForbidden } from '@/app/or-forbidden';
import { AlertLinkPage } from '@/components/alert-link/alert-link-page';
import { AppShell } from '@/components/shell/app-shell';
import { actByAlertLink } from '@/lib/server/alerts/act-by-link';
import { getAlertLink } from '@/lib/server/alerts/get-link';
import { listConnections } from '@/lib/server/connections/list-connections';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('links'))('title') };
}

type Props = { readonly params: Promise<{ readonly token: string }> };

export default async function AlertLink({ params }: Props) {
  const token = decodeURIComponent((await params).token);
  const [connections, t, view] = await Promise.all([
    listConnections(),
    getTranslations('links'),
    orForbidden(getAlertLink(token)),
  ]);
  if (view === null) notFound();
  return (
    <AppShell connections={connections} connectionId={null} section={null} head={{ title: t('title') }}>
      <AlertLinkPage token={token} view={view} actByLink={actByAlertLink} />
    </AppShell>
  );
}
