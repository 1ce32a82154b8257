import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { AuditRefused, AuditScreen } from '@/components/audit/audit-screen';
import { AppShell } from '@/components/shell/app-shell';
import { hasRight } from '@/lib/client/session/has-right';
import { routes } from '@/lib/routes';
import { listAudit } from '@/lib/server/audit/list-audit';
import { getSession } from '@/lib/server/auth/get-session';
import { listConnections } from '@/lib/server/connections/list-connections';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('audit');
  return { title: t('title') };
}

type Props = { readonly searchParams: Promise<Readonly<Record<string, string | string[]>>> };

export default async function AuditPage({ searchParams }: Props) {
  const [params, session, connections, t, shell] = await Promise.all([
    searchParams,
    getSession(),
    listConnections(),
    getTranslations('audit'),
    getTranslations('shell'),
  ]);
  const mayRead = hasRight(session, 'audit');
  const trail = [{ label: shell('section.settings'), href: routes.settings() }, { label: t('title') }];
  return (
    <AppShell connections={connections} connectionId={null} section="settings" head={{ trail }}>
      <h1 className="sr-only">{t('title')}</h1>
      {mayRead ? (
        <AuditScreen view={await listAudit(params)} isOlder={params.before !== undefined} />
      ) : (
        <AuditRefused />
      )}
    </AppShell>
  );
}
