import { FlaskConicalOff } from 'lucide-react';
import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { orForbidden } from '@/app/or-forbidden';
import { SandboxScreen } from '@/components/sandbox/sandbox-screen';
import { AppShell } from '@/components/shell/app-shell';
import { EmptyState } from '@/components/ui/empty-state';
import { listConnections } from '@/lib/server/connections/list-connections';
import { commandSandbox } from '@/lib/server/sandbox/command-sandbox';
import { getSandbox } from '@/lib/server/sandbox/get-sandbox';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('shell');
  return { title: t('section.sandbox') };
}

export default async function SandboxPage() {
  const [connections, sandbox, t] = await Promise.all([
    listConnections(),
    orForbidden(getSandbox()),
    getTranslations('sandbox'),
  ]);
  return (
    <AppShell
      connections={connections}
      connectionId={connections.find((each) => each.kind === 'sandbox')?.id ?? null}
      section="sandbox"
      head={{ trail: [{ label: t('title') }] }}
    >
      {sandbox.ok ? (
        <SandboxScreen initial={sandbox.value} commandSandbox={commandSandbox} />
      ) : (
        <EmptyState heading="h1" icon={<FlaskConicalOff aria-hidden />} title={t('away')}>
          {t('awayText')}
        </EmptyState>
      )}
    </AppShell>
  );
}
